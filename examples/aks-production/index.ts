// A production AKS cluster in your own network, with a router and an endpoint.
import {
  AmlAksCluster,
  AmlInferenceRouter,
  AmlModelEndpoint,
  ClusterPurpose,
  type UpgradeChannel,
} from "aml-inference";
import * as pulumi from "@pulumi/pulumi";
import { certificateFor } from "./certificate";
import { createNetwork, NODES } from "./network";

const config = new pulumi.Config();
const resourceGroupName = config.require("resourceGroupName");
const location = config.require("location");
const domainName = config.require("domainName");
const namespace = config.require("namespace");
const registryId = config.get("containerRegistryId");
const clusterPurpose = ClusterPurpose.FastProd;

const nodes = createNetwork(resourceGroupName, location);

const cluster = new AmlAksCluster(
  "prod",
  {
    resourceGroupName,
    location,
    clusterPurpose,
    nodeAutoscaling: { minCount: config.requireNumber("agentCount"), maxCount: 10 },
    upgradeChannel: config.require<UpgradeChannel>("upgradeChannel"),
    maintenanceWindow: { dayOfWeek: "Sunday", startTime: "01:00" },
    network: NODES,
    containerRegistryIds: registryId ? [registryId] : [],
    protectCluster: config.requireBoolean("protectCluster"),
    tags: { team: config.require("team") },
  },
  { dependsOn: nodes },
);

const certificate = certificateFor(domainName, config);

// Waits for the agents: the kubeconfig becomes available when they are ready.
const router = new AmlInferenceRouter("router", {
  kubeconfig: cluster.kubeconfig,
  clusterPurpose,
  namespace,
  ssl: { cname: domainName, ...certificate },
});

// Declare as many endpoints as you need. This one answers at https://<domainName>/api/v1/service/churn/score.
const churn = new AmlModelEndpoint("churn", {
  router,
  namespace,
  versions: {
    blue: {
      image: config.require("modelImage"),
      // At least two, so that one replica stays available while the other's node is upgraded.
      autoscale: { minReplicas: 2, maxReplicas: 20 },
    },
  },
});

export const { clusterId, vCpus, fqdn, requiredEgress, nodeResourceGroup, kubeconfig } = cluster;
export const { certificatePem } = certificate;
export const { scoringUri, primaryKey, versionStates } = churn;
