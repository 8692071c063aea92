// Serves models on an AKS cluster that exists already. Nothing about the cluster is changed.
import { AmlAksCluster, AmlInferenceRouter, type ClusterPurpose } from "aml-inference";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const clusterPurpose = config.require<ClusterPurpose>("clusterPurpose");

const cluster = new AmlAksCluster("shared", {
  existingClusterId: config.require("clusterId"),
  clusterPurpose,
});

const router = new AmlInferenceRouter("router", { kubeconfig: cluster.kubeconfig, clusterPurpose });

export const { clusterId, vCpus, requiredEgress } = cluster;
export const { scoringBaseUri } = router;
