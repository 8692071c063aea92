// AmlAksCluster: the AKS cluster that models are served on, made or attached.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { ClusterPurpose } from "./aml-inference-router-args";
import { checkOutputs, knownArguments, refuseArguments } from "./argument-error";
import { adoptInterrupted, MARK_TAG, ownerMark } from "./adopt-interrupted";
import { attachCluster } from "./attach-cluster";
import { checkCluster, DEFAULT_AGENT_COUNT, DEFAULT_AGENT_VM_SIZE } from "./check-cluster";
import { clusterFeatures } from "./cluster-features";
import { judgeFloor } from "./cluster-floor";
import { createAgents, createGpuPool, createSpotPool } from "./cluster-pools";
import { createCluster } from "./cluster-resource";
import { createIdentity, grant } from "./cluster-rights";
import { maintenanceSchedule } from "./maintenance-schedule";
import { observeCluster, type ObservedCluster } from "./observe-cluster";
import { zonesOf } from "./region-zones";
import { type EgressRule, requiredEgress } from "./required-egress";
import { readVmSize } from "./vm-size";

/**
 * An AKS cluster for `AmlInferenceRouter`: a new one with a system pool and the agents in a pool of their own, or one
 * that exists (`existingClusterId`), of which nothing is changed.
 */
export class AmlAksCluster extends pulumi.ComponentResource {
  public static readonly __pulumiType = "aml-inference:index:AmlAksCluster";

  /** Kubeconfig without a login prompt. A secret. */
  public readonly kubeconfig: pulumi.Output<string>;
  /** Resource id of the managed cluster. */
  public readonly clusterId: pulumi.Output<string>;
  /** What the cluster is for. */
  public readonly clusterPurpose: pulumi.Output<string>;
  /** Name of the API server. */
  public readonly fqdn: pulumi.Output<string>;
  /** vCPUs of the agents at their least. */
  public readonly vCpus: pulumi.Output<number>;
  /** Resource group of the machines, which AKS manages. */
  public readonly nodeResourceGroup: pulumi.Output<string>;
  /** Where the cluster must be able to connect to, for firewalls. */
  public readonly requiredEgress: pulumi.Output<EgressRule[]>;

  constructor(name: string, args: AmlAksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(AmlAksCluster.__pulumiType, name, { ...args }, opts);
    refuseArguments(this, checkCluster(name, knownArguments({ ...args })));
    const checked = checkOutputs(this, "AmlAksCluster", name, args);
    this.clusterPurpose = pulumi.output(args.clusterPurpose ?? ClusterPurpose.FastProd);

    const { id, observed, vCpus } =
      args.existingClusterId === undefined
        ? createParts(this, name, args, checked)
        : attachCluster(this, args.existingClusterId, args);
    const plain = pulumi.unsecret(observed.apply(({ cluster }) => cluster));
    this.clusterId = id;
    this.kubeconfig = observed.kubeconfig;
    this.vCpus = vCpus;
    this.fqdn = plain.apply((cluster) => cluster.privateFQDN ?? cluster.fqdn);
    this.nodeResourceGroup = plain.apply((cluster) => cluster.nodeResourceGroup ?? "");
    this.requiredEgress = pulumi
      .all([
        plain.location,
        this.fqdn,
        args.containerRegistryIds ?? [],
        args.azurePolicy,
        args.defender,
      ])
      .apply(([location, apiServer, registryIds, azurePolicy, defender]) =>
        requiredEgress({
          location,
          apiServer,
          registryIds,
          monitoring: args.logAnalyticsWorkspaceId !== undefined,
          azurePolicy: azurePolicy ?? false,
          defender: defender ?? false,
        }),
      );
    this.registerOutputs({
      clusterId: this.clusterId,
      kubeconfig: this.kubeconfig,
      clusterPurpose: this.clusterPurpose,
      fqdn: this.fqdn,
      vCpus: this.vCpus,
      nodeResourceGroup: this.nodeResourceGroup,
      requiredEgress: this.requiredEgress,
    });
  }
}

/** What both ways of getting a cluster give. */
export interface ClusterParts {
  readonly id: pulumi.Output<string>;
  readonly observed: pulumi.Output<ObservedCluster>;
  readonly vCpus: pulumi.Output<number>;
}

function createParts(
  component: AmlAksCluster,
  name: string,
  args: AmlAksClusterArgs,
  checked: pulumi.Resource,
): ClusterParts {
  const parent = { parent: component };
  const mark = ownerMark(name);
  const child = {
    ...parent,
    dependsOn: [checked],
    transforms: [adoptInterrupted(mark, component)],
  };
  // Deleting the cluster takes all that is in it along; the pools alone would leave the models without machines.
  const guarded = { ...child, protect: args.protectCluster ?? true };
  // Both are required, which the check has seen to.
  const resourceGroupName = args.resourceGroupName ?? "";
  const location = args.location ?? "";
  const clusterName = args.clusterName ?? name;
  const { subscriptionId } = getClientConfigOutput(parent);
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
  const zones = pulumi
    .all([args.zones, component.clusterPurpose, location])
    .apply(([given, purpose, region]) => given ?? (purpose === "DevTest" ? [] : zonesOf(region)));
  const context = { ...place, zones, subnetId: subnets["node"], identityId: identity.resource.id };
  const cluster = createCluster(name, args, clusterFeatures(args), context, {
    ...guarded,
    // Names are the program's, so the old cluster must go before the new one can come.
    deleteBeforeReplace: true,
    dependsOn: [checked, ...rights],
  });
  // A replaced cluster takes its pools along, whose own inputs stay the same.
  const withCluster = { deletedWith: cluster, replaceWith: [cluster] };
  const inCluster = { ...guarded, ...withCluster, dependsOn: [checked, cluster] };
  const agents = createAgents(name, args, context, inCluster);
  createGpuPool(name, args, context, { ...inCluster, protect: false });
  createSpotPool(name, args, context, { ...inCluster, protect: false });
  createMaintenance(name, args, context, { ...inCluster, protect: false });
  // The URN is known in every preview: whoever takes the kubeconfig waits for the agents all the same.
  const id = pulumi.all([cluster.id, agents.urn]).apply(([known]) => known);
  const observed = observeCluster(id, parent);
  grantPulls(name, args, observed, subscriptionId, child);
  return { id, observed, vCpus: countVCpus(component, args) };
}

/** Subnets that the cluster uses, by what for. */
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

function createMaintenance(
  name: string,
  args: AmlAksClusterArgs,
  place: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): void {
  if (args.maintenanceWindow === undefined) return;
  // One schedule for Kubernetes, one for the machines' images (learn.microsoft.com/azure/aks/planned-maintenance).
  for (const [suffix, configName] of [
    ["kubernetes", "aksManagedAutoUpgradeSchedule"],
    ["node-images", "aksManagedNodeOSUpgradeSchedule"],
  ] as const) {
    new MaintenanceConfiguration(
      `${name}-${suffix}`,
      {
        resourceGroupName: place.resourceGroupName,
        resourceName: place.clusterName,
        configName,
        maintenanceWindow: maintenanceSchedule(args.maintenanceWindow),
      },
      opts,
    );
  }
}

/** Lets the nodes pull images. */
function grantPulls(
  name: string,
  args: AmlAksClusterArgs,
  observed: pulumi.Output<ObservedCluster>,
  subscriptionId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const mark = ownerMark(name);
  const principalId = pulumi
    .unsecret(observed)
    .apply(({ cluster }) => cluster.identityProfile?.["kubeletidentity"]?.objectId ?? "");
  for (const [index, registryId] of (args.containerRegistryIds ?? []).entries()) {
    grant(`${name}-pull-${index}`, "acrPull", registryId, principalId, subscriptionId, mark, opts);
  }
}

/** vCPUs of the agents at their least; says so when DevTest has less than advised. */
function countVCpus(component: AmlAksCluster, args: AmlAksClusterArgs): pulumi.Output<number> {
  const nodes = args.nodeAutoscaling?.minCount ?? args.agentCount ?? DEFAULT_AGENT_COUNT;
  return pulumi
    .all([
      nodes,
      args.agentVmSize ?? DEFAULT_AGENT_VM_SIZE,
      args.agentVCpus,
      component.clusterPurpose,
    ])
    .apply(([count, vmSize, given, purpose]) => {
      const read = readVmSize(vmSize);
      const vCpus = given ?? (read.ok ? read.vCpus : 0);
      const group = { nodes: count, vmSize, vCpus };
      const verdict = judgeFloor(purpose as ClusterPurpose, [group], "agentCount");
      if (verdict.kind === "warning") void pulumi.log.warn(verdict.message, component);
      return count * vCpus;
    });
}
