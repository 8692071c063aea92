// The parts of a new cluster, in the order of their creation.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterPurpose } from "../../contracts/choices";
import { adoptInterrupted, MARK_TAG, ownerMark } from "./adopt-interrupted";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { validateOutputs } from "../engine/refuse-arguments";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { validateRegion } from "./validate-region";
import { clusterFeatures } from "./cluster-features";
import { assessFloor } from "../../validation/cluster/cluster-floor";
import { countInBounds } from "./count-in-bounds";
import { createMaintenance } from "./cluster-maintenance";
import { markCreatedCluster } from "../engine/cluster-lifetime";
import { createAgents, createGpuPool, createSpotPool } from "./cluster-pools";
import { protectCluster } from "./protect-cluster";
import { createCluster } from "./cluster-resource";
import { createIdentity, grant } from "./cluster-rights";
import { rememberedLookUp } from "./io/look-up-cluster";
import { observeCluster, type ObservedCluster } from "./io/observe-cluster";
import { clusterZones, zonesInPoolName } from "../../azure/core/region-zones";

/** Outputs of a new or an attached cluster. */
export interface ClusterParts {
  readonly id: pulumi.Output<string>;
  readonly observed: pulumi.Output<ObservedCluster>;
  readonly vCpus: pulumi.Output<number>;
}

/** A new cluster with its identity, its pools and its rights; nothing is created before all arguments are validated. */
export function createClusterParts(
  component: pulumi.ComponentResource,
  name: string,
  args: AmlAksClusterArgs,
): ClusterParts {
  const parent = { parent: component };
  const lookUp = rememberedLookUp(parent);
  const region = validateRegion(component, name, args, lookUp);
  const found = region.apply(({ problems }) => problems);
  const checked = validateOutputs(component, "AmlAksCluster", name, args, { found });
  const mark = ownerMark(name);
  const child = {
    ...parent,
    dependsOn: [checked],
    transforms: [adoptInterrupted(mark, component, lookUp), countInBounds(component)],
  };
  // Deleting the cluster deletes all that is in it; deleting the agents leaves the models without machines.
  const guarded = {
    ...child,
    protect: args.protectCluster ?? CLUSTER_ARGUMENTS.protectCluster.default,
  };
  // Both are required: the arguments are validated.
  const resourceGroupName = args.resourceGroupName ?? "";
  const location = args.location ?? "";
  const clusterName = args.clusterName ?? name;
  // Queried only when a role is assigned: otherwise a preview needs no login.
  const givesRights = args.network !== undefined || args.containerRegistryIds !== undefined;
  const subscriptionId = givesRights
    ? getClientConfigOutput(parent).subscriptionId
    : pulumi.output("");
  const tags = { ...args.tags, [MARK_TAG]: mark };
  const place = { resourceGroupName, clusterName, location, tags };

  const identity = createIdentity(name, place, child);
  const subnets = subnetIds(args, resourceGroupName, subscriptionId);
  const rights = Object.entries(subnets).map(([use, subnetId]) =>
    grant(
      `${name}-${use}-subnet`,
      "networkContributor",
      subnetId,
      identity.principalId(),
      subscriptionId,
      mark,
      child,
    ),
  );
  const purpose = pulumi.output(args.clusterPurpose ?? CLUSTER_ARGUMENTS.clusterPurpose.default);
  const choice = pulumi.all([args.zones, purpose, location]);
  const context = {
    ...place,
    zones: choice.apply(([given, forWhat, where]) => clusterZones(given, forWhat, where)),
    zonesInName: choice.apply(([given, forWhat, where]) => zonesInPoolName(given, forWhat, where)),
    subnetId: subnets["node"],
    identityId: identity.resource.id,
  };
  const cluster = createCluster(name, args, clusterFeatures(args), context, {
    ...guarded,
    // The name is fixed, so the old cluster must be deleted before the new one can be created.
    deleteBeforeReplace: true,
    dependsOn: [checked, ...rights],
  });
  markCreatedCluster(cluster);
  // Replacing the cluster replaces its pools, although their own inputs stay the same.
  const withCluster = { deletedWith: cluster, replaceWith: [cluster] };
  const inCluster = { ...guarded, ...withCluster, dependsOn: [checked, cluster] };
  const agents = createAgents(name, args, context, inCluster);
  const gpuPool = createGpuPool(name, args, context, { ...inCluster, protect: false });
  const spotPool = createSpotPool(name, args, context, { ...inCluster, protect: false });
  const maintenance = createMaintenance(name, args, context, { ...inCluster, protect: false });
  // Users of the kubeconfig wait for the agents; their URN, unlike other outputs, is known in every preview.
  const id = pulumi.all([cluster.id, agents.urn]).apply(([known]) => known);
  // A preview changes nothing, so the earlier look-up is still valid.
  const observed = observeCluster(id, component, pulumi.runtime.isDryRun() ? lookUp : undefined);
  const pulls = grantPulls(name, args, observed, subscriptionId, child);
  const others = [gpuPool, spotPool, ...maintenance].filter((part) => part !== undefined);
  protectCluster(component, name, {
    ...{ cluster, clusterName, isProtected: guarded.protect },
    parts: [agents, ...others, ...pulls],
  });
  const agentVCpus = region.apply((check) => check.agentVCpus);
  return { id, observed, vCpus: countVCpus(component, args, purpose, agentVCpus) };
}

/** Subnets that the cluster uses, by purpose. */
function subnetIds(
  args: AmlAksClusterArgs,
  resourceGroupName: pulumi.Input<string>,
  subscriptionId: pulumi.Input<string>,
): Record<string, pulumi.Output<string>> {
  const { network } = args;
  if (network === undefined) return {};
  const group = network.vnetResourceGroupName ?? resourceGroupName;
  const inNetwork = (subnet: pulumi.Input<string>) =>
    pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${network.vnetName}/subnets/${subnet}`;
  const { loadBalancerSubnetName: loadBalancer } = network;
  return {
    node: inNetwork(network.subnetName),
    ...(loadBalancer === undefined ? {} : { "load-balancer": inNetwork(loadBalancer) }),
  };
}

/** Lets the nodes pull images. */
function grantPulls(
  name: string,
  args: AmlAksClusterArgs,
  observed: pulumi.Output<ObservedCluster>,
  subscriptionId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const mark = ownerMark(name);
  const principalId = pulumi
    .unsecret(observed)
    .apply(({ cluster }) => cluster.identityProfile?.["kubeletidentity"]?.objectId ?? "");
  return (args.containerRegistryIds ?? []).map((registryId, index) =>
    grant(`${name}-pull-${index}`, "acrPull", registryId, principalId, subscriptionId, mark, opts),
  );
}

/** vCPUs of the smallest number of agents; warns when DevTest has less than advised. */
function countVCpus(
  component: pulumi.ComponentResource,
  args: AmlAksClusterArgs,
  purpose: pulumi.Output<ClusterPurpose>,
  agentVCpus: pulumi.Output<number | undefined>,
): pulumi.Output<number> {
  const nodes =
    args.nodeAutoscaling?.minCount ?? args.agentCount ?? CLUSTER_ARGUMENTS.agentCount.default;
  return pulumi
    .all([nodes, args.agentVmSize ?? CLUSTER_ARGUMENTS.agentVmSize.default, agentVCpus, purpose])
    .apply(([count, vmSize, vCpus = 0, forWhat]) => {
      const verdict = assessFloor(forWhat, [{ nodes: count, vmSize, vCpus }], "agentCount");
      if (verdict.kind === "warning") void pulumi.log.warn(verdict.message, component);
      return count * vCpus;
    });
}
