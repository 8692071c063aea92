// The parts of a new cluster, in the order of their creation.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterPurpose, UpgradeChannel } from "../../contracts/choices";
import { MARK_TAG } from "./core/applied-tag";
import { type DeclaredPools, type Ownership, poolsIn, systemPoolOf } from "./core/plan-write";
import { followLive, ownerMark } from "./follow-live";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { plainValue } from "../engine/plain-value";
import { validateOutputs } from "../engine/refuse-arguments";
import { hasUnknown } from "../../values/unknown";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { validateRegion } from "./validate-region";
import { clusterFeatures } from "./cluster-features";
import { assessFloor } from "../../validation/cluster/cluster-floor";
import { createMaintenance } from "./cluster-maintenance";
import { markCreatedCluster } from "../engine/cluster-lifetime";
import { createAgents, createGpuPool, createSpotPool } from "./cluster-pools";
import { createCluster } from "./cluster-resource";
import { createIdentity, grantEach, knownScopes, type KnownScope } from "./cluster-rights";
import { type ClusterNames, type LookUpCluster, rememberedLookUp } from "./io/look-up-cluster";
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
  const following = followLive({
    ...{ opts: parent, lookUp, component, name, now: new Date() },
    ...{ ownership: ownershipOf(args), pools: declaredPools(args) },
  });
  const child = { ...parent, dependsOn: [checked], transforms: [following] };
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
  const tags = { ...args.tags, [MARK_TAG]: ownerMark(name) };
  const place = { resourceGroupName, clusterName, location, tags };

  const identity = createIdentity(name, place, child);
  const subnets = subnetIds(args, resourceGroupName, subscriptionId);
  const rights = grantEach(
    name,
    "subnet",
    subnetScopes(Object.values(subnets), { resourceGroupName, resourceName: clusterName }, lookUp),
    {
      ...{ role: "networkContributor", isOwnIdentity: true },
      ...{ principalId: identity.principalId(), subscriptionId },
    },
    child,
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
    dependsOn: pulumi.output(rights).apply((all) => [checked, ...all]),
  });
  markCreatedCluster(cluster);
  // Replacing the cluster replaces its pools, although their own inputs stay the same.
  const withCluster = { deletedWith: cluster, replaceWith: [cluster] };
  const inCluster = { ...guarded, ...withCluster, dependsOn: [checked, cluster] };
  const agents = createAgents(name, args, context, inCluster);
  createGpuPool(name, args, context, { ...inCluster, protect: false });
  createSpotPool(name, args, context, { ...inCluster, protect: false });
  createMaintenance(name, args, context, { ...inCluster, protect: false });
  // Users of the kubeconfig wait for the agents; their URN, unlike other outputs, is known in every preview.
  const id = pulumi.all([cluster.id, agents.urn]).apply(([known]) => known);
  // A preview changes nothing, so the earlier look-up is still valid.
  const observed = observeCluster(id, component, pulumi.runtime.isDryRun() ? lookUp : undefined);
  const pulls = grantPulls(name, args, observed, subscriptionId, child);
  const agentVCpus = region.apply((check) => check.agentVCpus);
  // Pods that are created through the kubeconfig pull their images.
  const ready = pulumi.all([observed, pulls]).apply(([seen]) => seen);
  return { id, observed: ready, vCpus: countVCpus(component, args, purpose, agentVCpus) };
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

/**
 * The subnets that the cluster's identity needs a right on: those that are declared, and the one that the system pool is in,
 * which never moves.
 */
async function subnetScopes(
  declared: readonly pulumi.Output<string>[],
  cluster: Readonly<Record<keyof ClusterNames, pulumi.Input<string>>>,
  lookUp: LookUpCluster,
): Promise<readonly KnownScope[]> {
  const scopes = await knownScopes(declared);
  if (declared.length === 0) return scopes;
  const named = await plainValue(pulumi.output({ ...cluster }));
  if (hasUnknown(named)) return scopes;
  const live = await lookUp(named as ClusterNames).catch(() => undefined);
  const id = systemPoolOf(poolsIn({ ...live }))?.["vnetSubnetID"];
  return typeof id === "string" ? [...scopes, { id, scope: id }] : scopes;
}

async function ownershipOf(args: AmlAksClusterArgs): Promise<Ownership> {
  const channel = await plainValue(args.upgradeChannel ?? CLUSTER_ARGUMENTS.upgradeChannel.default);
  return {
    ownsVersion: args.kubernetesVersion !== undefined && channel === UpgradeChannel.None,
    ownsZones: args.zones !== undefined,
  };
}

async function declaredPools(_args: AmlAksClusterArgs): Promise<DeclaredPools> {
  return Promise.resolve({ systemPool: {}, ownPools: [] });
}

/** Lets the nodes pull images: the URNs of the rights. */
function grantPulls(
  name: string,
  args: AmlAksClusterArgs,
  observed: pulumi.Output<ObservedCluster>,
  subscriptionId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string[]> {
  const principalId = pulumi
    .unsecret(observed)
    .apply(({ cluster }) => cluster.identityProfile?.["kubeletidentity"]?.objectId ?? "");
  const scopes = knownScopes(args.containerRegistryIds ?? []);
  const grant = { role: "acrPull", isOwnIdentity: true, principalId, subscriptionId } as const;
  const rights = grantEach(name, "pull", scopes, grant, opts);
  return pulumi.output(rights).apply((all) => pulumi.all(all.map(({ urn }) => urn)));
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
