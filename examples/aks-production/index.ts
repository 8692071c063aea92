// A production AKS cluster in a network of your own, and what serves models on it.
import { AmlAksCluster, AmlInferenceRouter } from "aml-inference";
import { Subnet, VirtualNetwork } from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const resourceGroupName = config.require("resourceGroupName");
const location = config.require("location");

// Names are given here, so that a preview knows them.
const vnetName = "models";
const network = new VirtualNetwork("network", {
  resourceGroupName,
  location,
  virtualNetworkName: vnetName,
  addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
});
const nodes = new Subnet(
  "nodes",
  {
    resourceGroupName,
    virtualNetworkName: vnetName,
    subnetName: "nodes",
    addressPrefix: "10.1.0.0/20",
  },
  { dependsOn: network },
);

const cluster = new AmlAksCluster(
  "prod",
  {
    resourceGroupName,
    location,
    clusterPurpose: "FastProd",
    nodeAutoscaling: { minCount: config.requireNumber("agentCount"), maxCount: 10 },
    upgradeChannel: "patch",
    maintenanceWindow: { dayOfWeek: "Sunday", startTime: "01:00" },
    network: { vnetName, subnetName: "nodes", subnetCidr: "10.1.0.0/20" },
    protectCluster: config.requireBoolean("protectCluster"),
    tags: { workload: "inference" },
  },
  { dependsOn: [nodes] },
);

// Waits for the agents: the kubeconfig is there once they are.
const router = new AmlInferenceRouter("router", {
  kubeconfig: cluster.kubeconfig,
  clusterPurpose: "FastProd",
});

export const { clusterId, vCpus, fqdn, requiredEgress, nodeResourceGroup } = cluster;
export const { scoringBaseUri } = router;
