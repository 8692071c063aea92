// modules/privateaks.bicep of Azure's template machine-learning-end-to-end-secure; README.md goes through its lines.
import { AmlAksCluster, ClusterPurpose, WorkspaceCompute } from "aml-inference";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const vmSize = config.require("vmSizeParam");
// The template sets both for its only pool.
const disks = { osDiskSizeGb: 128, maxPods: 110 };

const aks = new AmlAksCluster("aks", {
  resourceGroupName: config.require("resourceGroupName"),
  location: config.require("location"),
  clusterName: config.require("aksClusterName"),
  clusterPurpose: ClusterPurpose.DevTest,
  kubernetesVersion: "1.34",
  systemPool: { vmSize, count: 3, ...disks },
  agentVmSize: vmSize,
  agents: disks,
  network: {
    vnetName: config.require("vnetName"),
    subnetName: config.require("aksSubnetName"),
    serviceCidr: "10.0.0.0/16",
    dnsServiceIp: "10.0.0.10",
  },
  privateCluster: true,
  tags: { source: "machine-learning-end-to-end-secure" },
});

new WorkspaceCompute("compute", {
  workspaceId: config.require("workspaceId"),
  computeName: config.require("computeName"),
  clusterId: aks.clusterId,
});

export const aksResourceId = aks.clusterId;
