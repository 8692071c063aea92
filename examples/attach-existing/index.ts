// A router on an existing AKS cluster. The cluster itself is not changed.
import {
  AmlAksCluster,
  AmlInferenceRouter,
  type ClusterPurpose,
  WorkspaceCompute,
} from "aml-inference";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const clusterPurpose = config.require<ClusterPurpose>("clusterPurpose");

const cluster = new AmlAksCluster("shared", {
  existingClusterId: config.require("clusterId"),
  clusterPurpose,
});

const router = new AmlInferenceRouter("router", {
  kubeconfig: cluster.kubeconfig,
  clusterPurpose,
  namespace: config.require("namespace"),
  removeLegacyRouter: config.requireBoolean("removeLegacyRouter"),
});

// Endpoints don't need a workspace; Azure ML's own jobs do.
const workspaceId = config.get("workspaceId");
if (workspaceId) {
  new WorkspaceCompute("workspace", {
    workspaceId,
    computeName: config.require("computeName"),
    clusterId: cluster.clusterId,
  });
}

export const { clusterId, vCpus, requiredEgress } = cluster;
// Endpoints in other stacks need these outputs (examples/endpoint-in-another-stack).
export const { kubeconfig, namespace, scoringBaseUri } = router;
export { clusterPurpose };
