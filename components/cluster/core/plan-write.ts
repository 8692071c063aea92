// What of a declared resource is sent to Azure, by what Azure has: nothing, a correction, or all of it anew.
import { type Difference, differencesFrom, type Properties } from "./compare-live";
import { nextVersion, minorOf, type VersionStep } from "./version-step";
import { planTags } from "./applied-tag";
import { isRecord } from "../../../values/is-record";
import { textsIn, valueAt } from "../../../values/value-at";

/** What to send, and why. */
export interface WritePlan {
  readonly differences: readonly Difference[];
  /** Values that are sent in place of the declared ones, by the names of the properties. */
  readonly values: Properties;
  /** Sentences for the user: an upgrade in steps, a version that can't be reached. */
  readonly notes: readonly string[];
}

/** What the program decides, and what stays as it is live. */
export interface Ownership {
  /** False while AKS decides over the version: with an upgrade channel, or when the program names none. */
  readonly ownsVersion: boolean;
  /** Properties of a pool that the program doesn't choose: an existing pool keeps its own. */
  readonly keptIn: (poolName: string) => readonly string[];
  /** Whether a pool is declared, and follows the cluster's version by itself. */
  readonly isOwnPool: (poolName: string) => boolean;
  /** Declared properties of the system pool. */
  readonly systemPool: Properties;
}

/** The last operation on it failed: it is sent again. */
function failures(live: Properties): Difference[] {
  const { provisioningState: state } = live;
  return state === "Failed"
    ? [{ path: "provisioningState", declared: "Succeeded", live: state }]
    : [];
}

const PATH = ["resourceGroupName", "resourceName", "agentPoolName", "configName"];

/**
 * Plans the PUT of a managed cluster: it names one pool, the system pool, as it is live, with what the program declares of it
 * (`az aks upgrade` and `az aks scale` send pools in the same way).
 */
export function planCluster(
  declared: Properties,
  live: Properties,
  { ownsVersion, isOwnPool, systemPool }: Omit<Ownership, "keptIn">,
): WritePlan {
  const version = versionOf(declared["kubernetesVersion"], ownsVersion, {
    asked: textOf(live["kubernetesVersion"]),
    current: textOf(live["currentKubernetesVersion"]),
  });
  const tags = planTags(textsIn(declared["tags"]), textsIn(live["tags"]));
  const isDefenderOff =
    valueAt(declared, "securityProfile.defender.securityMonitoring.enabled") === false;
  const skip = [
    ...[...PATH, "agentPoolProfiles", "tags", "kubernetesVersion"],
    // AKS forgets the workspace of a Defender that is off.
    ...(isDefenderOff ? ["securityProfile.defender.logAnalyticsWorkspaceResourceId"] : []),
  ];
  const pools = poolsIn(live);
  const found = systemPoolOf(pools);
  const system =
    found === undefined
      ? undefined
      : planSystemPool(systemPool, found, { ownsVersion, declared, target: version.target });
  return {
    differences: [
      ...failures(live),
      ...differencesFrom(declared, live, skip),
      ...tags.differences,
      ...changesOf(
        "kubernetesVersion",
        version,
        declared["kubernetesVersion"],
        live["currentKubernetesVersion"],
      ),
      ...(system?.differences ?? []),
    ],
    values: {
      ...(textOf(live["name"]) === undefined ? {} : { resourceName: live["name"] }),
      tags: tags.tags,
      ...(version.target === undefined ? {} : { kubernetesVersion: version.target }),
      ...(system === undefined ? {} : { agentPoolProfiles: [system.pool] }),
    },
    notes: [
      ...notesOf(
        "the control plane",
        version,
        declared["kubernetesVersion"],
        live["currentKubernetesVersion"],
      ),
      ...(system?.notes ?? []),
      ...skewNotes(
        live,
        pools,
        (name) => ownsVersion && (name === found?.["name"] || isOwnPool(name)),
      ),
    ],
  };
}

/** The pools of a live cluster. */
export function poolsIn(live: Properties): readonly Properties[] {
  const pools = live["agentPoolProfiles"];
  return Array.isArray(pools) ? pools.filter(isRecord) : [];
}

/** The pool that the cluster was created with, or what somebody put in its place. */
export function systemPoolOf(pools: readonly Properties[]): Properties | undefined {
  return pools.find(({ name }) => name === "system") ?? pools.find(({ mode }) => mode === "System");
}

// In AKS's answers, but not in its requests.
const READ_ONLY = [
  ...["currentOrchestratorVersion", "eTag", "nodeImageVersion", "provisioningState", "status"],
];

interface SystemPoolPlan {
  readonly pool: Properties;
  readonly differences: readonly Difference[];
  readonly notes: readonly string[];
}

function planSystemPool(
  declared: Properties,
  live: Properties,
  cluster: {
    readonly ownsVersion: boolean;
    readonly declared: Properties;
    readonly target: string | undefined;
  },
): SystemPoolPlan {
  const wanted = cluster.declared["kubernetesVersion"];
  const version = inStep(
    versionOf(wanted, cluster.ownsVersion, runningIn(live)),
    runningIn(live),
    cluster.target,
  );
  const isScaled = (declared["enableAutoScaling"] ?? live["enableAutoScaling"]) === true;
  const bounded = withLiveCount(declared, live);
  const name = textOf(live["name"]) ?? "";
  return {
    pool: {
      ...without(live, isScaled ? READ_ONLY : [...READ_ONLY, "minCount", "maxCount"]),
      ...known(declared),
      ...bounded.values,
      ...(version.target === undefined ? {} : { orchestratorVersion: version.target }),
    },
    differences: [
      ...differencesFrom(declared, live, bounded.skip),
      ...bounded.differences,
      ...changesOf("orchestratorVersion", version, wanted, live["currentOrchestratorVersion"]),
    ].map((each) => ({ ...each, path: `agentPoolProfiles.${name}.${each.path}` })),
    notes: version.isLeft
      ? [
          `pool ${name} runs Kubernetes ${runningIn(live).current ?? ""}, more than one minor behind the control plane: AKS upgrades it by itself only (az aks nodepool upgrade --name ${name})`,
        ]
      : notesOf(`pool ${name}`, version, wanted, live["currentOrchestratorVersion"]),
  };
}

/**
 * In a PUT of the cluster, a pool's version stays or becomes that of the control plane (AKS's error
 * NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged).
 */
function inStep(
  pool: VersionStep,
  running: { readonly asked: string | undefined; readonly current: string | undefined },
  cluster: string | undefined,
): VersionStep & { readonly isLeft: boolean } {
  const isNext = pool.kind === "upgrade" || pool.kind === "step";
  if (!isNext) return { ...pool, isLeft: false };
  if (minorOf(pool.target) === minorOf(cluster)) return { ...pool, target: cluster, isLeft: false };
  return { kind: "there", target: running.asked ?? running.current, isLeft: true };
}

// What a pool's derived name is made of, which AKS can't change in a live pool.
const IN_NAME = [
  ...["vmSize", "availabilityZones", "vnetSubnetID", "osDiskType", "osDiskSizeGB", "maxPods"],
  ...["enableEncryptionAtHost"],
];

/** The name of a live pool whose own name says the same as the declared one; undefined when there is none. */
export function samePool(declared: Properties, pools: readonly Properties[]): string | undefined {
  const [, prefix] =
    /^(agents|gpu|spot)[0-9a-f]{5}$/.exec(textOf(declared["agentPoolName"]) ?? "") ?? [];
  if (prefix === undefined) return undefined;
  const said = Object.fromEntries(
    Object.entries(declared).filter(([name]) => IN_NAME.includes(name)),
  );
  const found = pools.find((pool) => {
    const name = textOf(pool["name"]) ?? "";
    const isOfKind = new RegExp(`^${prefix}[0-9a-f]{5}$`).test(name);
    return isOfKind && differencesFrom(said, pool).length === 0;
  });
  return textOf(found?.["name"]);
}

/** Plans the PUT of a node pool. */
export function planPool(
  declared: Properties,
  live: Properties,
  { ownsVersion, keptIn }: Pick<Ownership, "ownsVersion" | "keptIn">,
): WritePlan {
  const version = versionOf(declared["orchestratorVersion"], ownsVersion, runningIn(live));
  const tags = planTags(textsIn(declared["tags"]), textsIn(live["tags"]));
  const bounded = withLiveCount(declared, live);
  const kept = keptIn(textOf(live["name"]) ?? "");
  // azure-native's answer may have the resource's type under this name.
  const skip = [...PATH, "type", "tags", "orchestratorVersion", ...bounded.skip, ...kept];
  const current = live["currentOrchestratorVersion"];
  return {
    differences: [
      ...failures(live),
      ...differencesFrom(declared, live, skip),
      ...bounded.differences,
      ...tags.differences,
      ...changesOf("orchestratorVersion", version, declared["orchestratorVersion"], current),
    ],
    values: {
      agentPoolName: live["name"] ?? declared["agentPoolName"],
      tags: tags.tags,
      ...bounded.values,
      ...(version.target === undefined ? {} : { orchestratorVersion: version.target }),
      ...Object.fromEntries(kept.map((name) => [name, live[name]])),
    },
    notes: notesOf(
      `pool ${textOf(live["name"]) ?? ""}`,
      version,
      declared["orchestratorVersion"],
      current,
    ),
  };
}

/** Plans the PUT of any other resource. */
export function planOther(declared: Properties, live: Properties): WritePlan {
  const isTagged = isRecord(declared["tags"]);
  const tags = planTags(textsIn(declared["tags"]), textsIn(live["tags"]));
  return {
    differences: [
      ...differencesFrom(declared, live, [...PATH, "tags"]),
      ...(isTagged ? tags.differences : []),
    ],
    values: isTagged ? { tags: tags.tags } : {},
    notes: [],
  };
}

/**
 * The node autoscaler owns the count of its pool: it is sent as it is live. A minimum raised above it, or a maximum lowered
 * below it, moves it to that bound, since AKS refuses a count outside of them (learn.microsoft.com/azure/aks/cluster-autoscaler).
 */
function withLiveCount(declared: Properties, live: Properties) {
  if (declared["enableAutoScaling"] !== true) return { skip: [], values: {}, differences: [] };
  const { minCount, maxCount } = declared;
  const [min, max, count] = [minCount, maxCount, live["count"]].map(numberOf);
  if (count === undefined) return { skip: ["count"], values: {}, differences: [] };
  const bounded = Math.min(max ?? count, Math.max(min ?? count, count));
  const differences = bounded === count ? [] : [{ path: "count", declared: bounded, live: count }];
  return { skip: ["count"], values: { count: bounded }, differences };
}

function versionOf(
  declared: unknown,
  ownsVersion: boolean,
  running: { asked: string | undefined; current: string | undefined },
): VersionStep {
  return nextVersion(ownsVersion ? textOf(declared) : undefined, running);
}

function runningIn(pool: Properties) {
  return {
    asked: textOf(pool["orchestratorVersion"]),
    current: textOf(pool["currentOrchestratorVersion"]),
  };
}

function changesOf(
  path: string,
  { kind }: VersionStep,
  declared: unknown,
  live: unknown,
): Difference[] {
  return kind === "upgrade" || kind === "step" ? [{ path, declared, live }] : [];
}

function notesOf(
  what: string,
  { kind, target }: VersionStep,
  declared: unknown,
  live: unknown,
): string[] {
  const [wanted, has] = [textOf(declared) ?? "", textOf(live) ?? ""];
  if (kind === "step") {
    return [
      `${what} runs Kubernetes ${has} and goes to ${target ?? ""} now: AKS upgrades by one minor at a time; run again for ${wanted}`,
    ];
  }
  if (kind === "ahead") {
    return [
      `${what} runs Kubernetes ${has}, which is later than the declared ${wanted}: Kubernetes can't go back, so it stays; declare kubernetesVersion ${has}`,
    ];
  }
  return [];
}

/** Pools that nobody upgrades with the control plane: AKS refuses an upgrade that leaves one more than two minors behind. */
function skewNotes(
  live: Properties,
  pools: readonly Properties[],
  isUpgraded: (name: string) => boolean,
): string[] {
  const cluster = textOf(live["currentKubernetesVersion"]);
  const left = pools.filter(({ name }) => !isUpgraded(textOf(name) ?? ""));
  return left.flatMap((pool) => {
    const version = textOf(pool["currentOrchestratorVersion"]);
    const skew = (minorOf(cluster) ?? 0) - (minorOf(version) ?? minorOf(cluster) ?? 0);
    return skew <= 0
      ? []
      : [
          `pool ${textOf(pool["name"]) ?? ""} runs Kubernetes ${version ?? ""} and the control plane ${cluster ?? ""}: upgrade the pool (az aks nodepool upgrade); AKS refuses more than two minors between them`,
        ];
  });
}

function known(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

function without(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([name, value]) => !names.includes(name) && value !== undefined && value !== null,
    ),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
