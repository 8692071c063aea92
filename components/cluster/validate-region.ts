// Validates a cluster's versions, VM sizes and zones against what AKS and the subscription offer in the region.
import * as pulumi from "@pulumi/pulumi";
import { type ClusterPurpose, type SupportPlan, UpgradeChannel } from "../../contracts/choices";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { type ArgumentError } from "../../values/argument-error";
import { askRegion } from "./io/ask-region";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { type ClusterNames, type LookUpCluster } from "./io/look-up-cluster";
import { assessFloor } from "../../validation/cluster/cluster-floor";
import { validateRequestedVersion } from "../../validation/cluster/validate-kubernetes-version";
import { type RequestedSize, validateVmSize } from "../../validation/cluster/validate-vm-size";
import { itemsOf } from "./given-late";
import { withDefault } from "../engine/inputs";
import { smallestNumber } from "./smallest-number";
import { isKnown } from "../engine/known-output";
import { type RegionOffer } from "../../azure/core/region-offer";
import { clusterZones } from "../../azure/core/region-zones";
import { readVmSize } from "../../azure/core/vm-size";

export interface RegionCheck {
  readonly problems: readonly ArgumentError[];
  /** vCPUs of one agent. Undefined when unknown; `problems` then has an error. */
  readonly agentVCpus: number | undefined;
}

/** The requested settings, as plain values. */
export interface Asked {
  readonly location: string;
  readonly kubernetesVersion: string | undefined;
  readonly supportPlan: SupportPlan;
  /** With any channel but `none`, AKS owns the version of an existing cluster. */
  readonly upgradeChannel: UpgradeChannel;
  readonly purpose: ClusterPurpose;
  readonly zones: readonly string[] | undefined;
  readonly agents: RequestedSize;
  /** The smallest number of agents. */
  readonly nodes: number;
  /** Path of the argument that sets it. */
  readonly nodesPath: string;
  /** VM sizes of the other pools. */
  readonly others: readonly RequestedSize[];
}

/** The live cluster's settings. They are not validated again: Azure keeps running what it no longer offers. */
export interface Live {
  readonly kubernetesVersion: string | undefined;
  readonly vmSizes: readonly string[];
}

const NOTHING_YET: Live = { kubernetesVersion: undefined, vmSizes: [] };

/** Queries Azure's offer only for settings that the live cluster does not have: a no-op preview reads only the cluster. */
export function validateRegion(
  component: pulumi.ComponentResource,
  name: string,
  args: AmlAksClusterArgs,
  lookUp: LookUpCluster,
): pulumi.Output<RegionCheck> {
  const clusterNames = pulumi.output({
    resourceGroupName: args.resourceGroupName ?? "",
    resourceName: args.clusterName ?? name,
  });
  const check = askedOf(args).apply(async (asked): Promise<RegionCheck> => {
    const live = (await isKnown(clusterNames))
      ? await liveCluster(clusterNames, lookUp)
      : NOTHING_YET;
    const isNew = ({ vmSize }: RequestedSize) => !hasSize(live, vmSize);
    const { agents } = asked;
    const question = {
      location: asked.location,
      kubernetes: isNewVersion(asked, live),
      sizes:
        [agents, ...asked.others].some(isNew) ||
        (agents.given === undefined && !readVmSize(agents.vmSize).ok),
    };
    return assessRegion(asked, live, await askRegion(question, component));
  });
  // The result is public, although secret arguments may have been among the inputs.
  return pulumi.unsecret(check);
}

/** Validates the settings that differ from the live cluster. */
export function assessRegion(asked: Asked, live: Live, offer: RegionOffer): RegionCheck {
  const { location, agents, kubernetesVersion } = asked;
  const problems: ArgumentError[] = [];
  const zones = clusterZones(asked.zones, asked.purpose, location);
  const verdict = validateVmSize(agents, offer.sizes, zones, location);
  for (const size of [agents, ...asked.others]) {
    if (hasSize(live, size.vmSize)) continue;
    problems.push(...validateVmSize(size, offer.sizes, zones, location).problems);
  }
  const { vCpus } = verdict;
  if (vCpus === undefined && hasSize(live, agents.vmSize)) {
    problems.push(...validateVmSize(agents, undefined, zones, location).problems);
  }
  problems.push(...validateAgentFloor(asked, vCpus));
  if (kubernetesVersion !== undefined && offer.kubernetes && isNewVersion(asked, live)) {
    const reason = validateRequestedVersion(
      kubernetesVersion,
      offer.kubernetes,
      location,
      asked.supportPlan,
    );
    if (reason !== undefined) problems.push({ path: "kubernetesVersion", reason });
  }
  const unique = problems.filter(
    ({ reason }, index) => problems.findIndex((each) => each.reason === reason) === index,
  );
  return { problems: unique, agentVCpus: vCpus };
}

/** Azure compares names of sizes without regard to case. */
function hasSize({ vmSizes }: Live, vmSize: string): boolean {
  return vmSizes.some((each) => each.toLowerCase() === vmSize.toLowerCase());
}

/** The minimum of the purpose, when Azure's vCPUs differ from the size's name. Otherwise it is validated already. */
function validateAgentFloor(asked: Asked, vCpus: number | undefined): ArgumentError[] {
  const { agents, nodes, nodesPath, purpose } = asked;
  const read = readVmSize(agents.vmSize);
  if (vCpus === undefined || agents.given !== undefined) return [];
  if (read.ok && read.vCpus === vCpus) return [];
  const verdict = assessFloor(purpose, [{ nodes, vmSize: agents.vmSize, vCpus }], nodesPath);
  if (verdict.kind !== "refused") return [];
  return [{ path: nodesPath, reason: `is too small: ${verdict.message}` }];
}

function isNewVersion({ kubernetesVersion, upgradeChannel }: Asked, live: Live): boolean {
  if (live.kubernetesVersion !== undefined && upgradeChannel !== UpgradeChannel.None) return false;
  return kubernetesVersion !== undefined && kubernetesVersion !== live.kubernetesVersion;
}

function askedOf(args: AmlAksClusterArgs): pulumi.Output<Asked> {
  const { count, path } = smallestNumber(args);
  const asked = {
    location: args.location ?? "",
    kubernetesVersion: args.kubernetesVersion,
    supportPlan: withDefault(args.supportPlan, CLUSTER_ARGUMENTS.supportPlan.default),
    upgradeChannel: withDefault(args.upgradeChannel, CLUSTER_ARGUMENTS.upgradeChannel.default),
    purpose: withDefault(args.clusterPurpose, CLUSTER_ARGUMENTS.clusterPurpose.default),
    zones: args.zones,
    agents: {
      path: "agentVmSize",
      vmSize: withDefault(args.agentVmSize, CLUSTER_ARGUMENTS.agentVmSize.default),
      given: args.agentVCpus,
    },
    nodes: count,
    nodesPath: path,
    others: otherSizes(args),
  };
  return pulumi.output(asked);
}

/** Sizes of the pools beside the agents. The system pool's default is one that every region has. */
function otherSizes(args: AmlAksClusterArgs): pulumi.Output<RequestedSize[]> {
  const { gpuPool, spotPool, systemPool, pools } = args;
  return pulumi
    .all([
      pulumi.output(gpuPool),
      pulumi.output(spotPool),
      pulumi.output(systemPool),
      pulumi.output(pools),
    ])
    .apply(([gpu, spot, system, further]) => [
      ...(gpu ? [{ path: "gpuPool.vmSize", vmSize: gpu.vmSize, gpu: true }] : []),
      ...(spot ? [{ path: "spotPool.vmSize", vmSize: spot.vmSize }] : []),
      ...(system?.vmSize ? [{ path: "systemPool.vmSize", vmSize: system.vmSize }] : []),
      ...itemsOf(further).map(({ vmSize }, at) => ({ path: `pools[${at}].vmSize`, vmSize })),
    ]);
}

/** The live cluster; empty when it does not exist or Azure can't be queried. */
function liveCluster(place: pulumi.Output<ClusterNames>, lookUp: LookUpCluster): Promise<Live> {
  return new Promise((resolve) => {
    place.apply(async (named) => {
      resolve(
        await lookUp(named).then(
          ({ kubernetesVersion, agentPoolProfiles }) => ({
            kubernetesVersion,
            vmSizes: (agentPoolProfiles ?? []).map(({ vmSize }) => vmSize ?? ""),
          }),
          () => NOTHING_YET,
        ),
      );
    });
  });
}
