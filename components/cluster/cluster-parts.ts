// The parts of a new cluster, in the order of their creation.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterPurpose } from "../../contracts/choices";
import { MARK_TAG } from "./core/applied-tag";
import { followLive, ownerMark } from "./follow-live";
import { type AmlAksClusterArgs, type GpuPoolArgs } from "./aml-aks-cluster-args";
import { validateOutputs } from "../engine/refuse-arguments";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { validateRegion } from "./validate-region";
import { clusterFeatures } from "./cluster-features";
import { assessFloor } from "../../validation/cluster/cluster-floor";
import { createMaintenance } from "./cluster-maintenance";
import { markCreatedCluster } from "../engine/cluster-lifetime";
import { assignsRoles, type ClusterIdentity, clusterIdentity } from "./cluster-identity";
import { clusterSubnets } from "./cluster-network";
import { createAgents, createGpuPool, createSpotPool } from "./cluster-pools";
import { createFurtherPools } from "./further-pools";
import { createDevicePlugin } from "./device-plugin";
import { type Declared, declareFrom, from, itemsOf } from "./given-late";
import { withDefault } from "../engine/inputs";
import { defaultClusterName } from "./default-cluster-name";
import { declaredOwnership } from "./declared-ownership";
import { smallestNumber } from "./smallest-number";
import { protectCluster } from "./protect-cluster";
import { createCluster } from "./cluster-resource";
import { grantEach, knownScopes } from "./cluster-rights";
import { recordedObjects } from "./io/recorded-objects";
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
  given: AmlAksClusterArgs,
  aliases: readonly string[],
): ClusterParts {
  const parent = { parent: component };
  const lookUp = rememberedLookUp(parent);
  const clusterName =
    given.clusterName ??
    defaultClusterName(name, aliases, given.resourceGroupName ?? "", { opts: parent, lookUp });
  const args = { ...given, clusterName };
  const region = validateRegion(component, name, args, lookUp);
  const found = region.apply(({ problems }) => problems);
  const checked = validateOutputs(component, "AmlAksCluster", name, given, { found });
  const following = followLive({
    ...{ opts: parent, lookUp, component, name, now: new Date() },
    declared: declaredOwnership(args),
    isRecorded: recordedObjects(),
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
  // Queried only when a role is assigned: otherwise a preview needs no login.
  const subscriptionId = assignsRoles(args)
    ? getClientConfigOutput(parent).subscriptionId
    : pulumi.output("");
  const tags = from(args.tags, (own) => ({ ...own, [MARK_TAG]: ownerMark(name) }));
  const place = { resourceGroupName, clusterName, location, tags };

  const subnets = clusterSubnets(args, resourceGroupName, subscriptionId);
  const { identityId, rights: clusterRights } = clusterIdentity(
    { component, name, args, lookUp, subscriptionId, subnets },
    place,
    child,
  );
  const purpose = pulumi.output(
    withDefault(args.clusterPurpose, CLUSTER_ARGUMENTS.clusterPurpose.default),
  );
  const choice = pulumi.all([args.zones, purpose, location]);
  const context = {
    ...place,
    zones: choice.apply(([given, forWhat, where]) => clusterZones(given, forWhat, where)),
    zonesInName: choice.apply(([given, forWhat, where]) => zonesInPoolName(given, forWhat, where)),
    subnetId: subnets.nodes,
    identityId,
  };
  const cluster = createCluster(name, args, clusterFeatures(args), context, {
    ...guarded,
    // The name is fixed, so the old cluster must be deleted before the new one can be created.
    deleteBeforeReplace: true,
    dependsOn: afterAll(checked, clusterRights),
  });
  const networkPolicy = cluster.networkProfile.apply((profile) => profile?.networkPolicy);
  markCreatedCluster(cluster, networkPolicy);
  // Replacing the cluster replaces its pools, although their own inputs stay the same.
  const withCluster = { deletedWith: cluster, replaceWith: [cluster] };
  const inCluster = { ...guarded, ...withCluster, dependsOn: [checked, cluster] };
  const agents = createAgents(name, args, context, inCluster);
  const unprotected = { ...inCluster, protect: false };
  const gpuPools = declareFrom(component, "gpuPool", args.gpuPool, (pool) => [
    { pool, created: createGpuPool(name, pool, args, context, unprotected) },
  ]);
  const spotPools = declareFrom(component, "spotPool", args.spotPool, (pool) => [
    createSpotPool(name, pool, args, context, unprotected),
  ]);
  const furtherPools = createFurtherPools(component, name, args, context, unprotected);
  const windows = declareFrom(component, "maintenanceWindow", args.maintenanceWindow, (window) =>
    createMaintenance(name, window, context, unprotected),
  );
  // Users of the kubeconfig wait for the agents; their URN, unlike other outputs, is known in every preview.
  const id = pulumi.all([cluster.id, agents.urn]).apply(([known]) => known);
  // A preview changes nothing, so the earlier look-up is still valid.
  const observed = observeCluster(id, component, pulumi.runtime.isDryRun() ? lookUp : undefined);
  const devicePlugins = createDevicePlugins(component, name, gpuPools, observed.kubeconfig);
  const pulls = grantPulls(component, name, args, observed, subscriptionId, child);
  protectCluster(component, name, {
    ...{ cluster, clusterName, isProtected: guarded.protect },
    parts: [[agents], createdIn(gpuPools), spotPools, furtherPools, windows, devicePlugins, pulls],
  });
  const agentVCpus = region.apply((check) => check.agentVCpus);
  // Pods that are created through the kubeconfig pull their images.
  const rights = pulls.then((all) => pulumi.all(all.map(({ urn }) => urn)));
  const ready = pulumi.all([observed, rights]).apply(([seen]) => seen);
  return { id, observed: ready, vCpus: countVCpus(component, args, purpose, agentVCpus) };
}

/** Late only when there is something late: the engine sees plain resources at once. */
function afterAll(
  first: pulumi.Resource,
  others: ClusterIdentity["rights"],
): pulumi.Input<pulumi.Input<pulumi.Resource>[]> {
  if (others instanceof Promise) return others.then((late) => [first, ...late]);
  return [first, ...others];
}

interface DeclaredGpuPool {
  readonly pool: GpuPoolArgs;
  readonly created: pulumi.Resource;
}

async function createdIn(pools: Declared<DeclaredGpuPool>): Promise<readonly pulumi.Resource[]> {
  return (await pools).map(({ created }) => created);
}

/** NVIDIA's device plugin, where it is asked for. */
async function createDevicePlugins(
  component: pulumi.ComponentResource,
  name: string,
  pools: Declared<DeclaredGpuPool>,
  kubeconfig: pulumi.Input<string>,
): Promise<readonly pulumi.Resource[]> {
  const plugins = (await pools).map(({ pool, created }) =>
    declareFrom(component, "gpuPool.devicePlugin", pool.devicePlugin, (isAsked) =>
      isAsked ? [createDevicePlugin(component, name, { kubeconfig, dependsOn: [created] })] : [],
    ),
  );
  return (await Promise.all(plugins.map((each) => Promise.resolve(each)))).flat();
}

/** Lets the nodes pull images. */
function grantPulls(
  component: pulumi.Resource,
  name: string,
  args: AmlAksClusterArgs,
  observed: pulumi.Output<ObservedCluster>,
  subscriptionId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): Promise<pulumi.Resource[]> {
  const principalId = pulumi
    .unsecret(observed)
    .apply(({ cluster }) => cluster.identityProfile?.["kubeletidentity"]?.objectId ?? "");
  const { containerRegistryIds, kubeletIdentityId } = args;
  const given = declareFrom(component, "containerRegistryIds", containerRegistryIds, itemsOf);
  const scopes = Promise.resolve(given).then(knownScopes);
  const isOwnIdentity = kubeletIdentityId === undefined;
  const grant = { role: "acrPull", isOwnIdentity, principalId, subscriptionId } as const;
  return grantEach(name, "pull", scopes, grant, opts);
}

/** vCPUs of the smallest number of agents; warns when DevTest has less than advised. */
function countVCpus(
  component: pulumi.ComponentResource,
  args: AmlAksClusterArgs,
  purpose: pulumi.Output<ClusterPurpose>,
  agentVCpus: pulumi.Output<number | undefined>,
): pulumi.Output<number> {
  const { count, path } = smallestNumber(args);
  const size = withDefault(args.agentVmSize, CLUSTER_ARGUMENTS.agentVmSize.default);
  return pulumi
    .all([count, size, agentVCpus, purpose])
    .apply(([nodes, vmSize, vCpus = 0, forWhat]) => {
      const verdict = assessFloor(forWhat, [{ nodes, vmSize, vCpus }], path);
      if (verdict.kind === "warning") void pulumi.log.warn(verdict.message, component);
      return nodes * vCpus;
    });
}
