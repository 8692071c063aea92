/** What AKS refuses about Kubernetes versions, of the control plane and of the node pools. */
import { type ArmError, badRequest } from "../arm-error";
import { inlinePools } from "../cluster-bodies";
import { textAt, valueAt } from "../json";
import {
  compareVersions,
  isGenerallySupported,
  minorOf,
  resolveKubernetesVersion,
  type Regions,
} from "../regions";
import type { Refusal, Situation } from "../rule";
import type { StoredResource } from "../store";

const type = "Microsoft.ContainerService/managedClusters";
const POOLS = `${type}/agentPools`;
const SKEW = "For more information, please check https://aka.ms/version-skew-policy";
const LISTED =
  "Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list";

/** The patch that a version means to a resource: an alias of what runs (`1.34` for 1.34.2) is what runs. */
export function meantVersion(regions: Regions, asked: string, current: string | undefined): string {
  if (current === asked || current?.startsWith(`${asked}.`)) return current;
  return resolveKubernetesVersion(regions, asked) ?? asked;
}

const kubernetesVersionOffered: Refusal = {
  name: "kubernetes-version-offered",
  source:
    "learn.microsoft.com/azure/aks/supported-kubernetes-versions; error K8sVersionNotSupported",
  methods: ["PUT"],
  type,
  refuse({ request, existing, regions }) {
    const version = textAt(request.body, "properties.kubernetesVersion");
    if (version === undefined) return undefined;
    if (version === textAt(existing?.body, "properties.kubernetesVersion")) return undefined;
    const longTerm = valueAt(request.body, "properties.supportPlan") === "AKSLongTermSupport";
    const offered = resolveKubernetesVersion(regions, version) !== undefined;
    if (offered && (longTerm || isGenerallySupported(regions, version))) return undefined;
    return badRequest(
      "K8sVersionNotSupported",
      `Managed cluster ${request.path.name ?? ""} is on version ${version}, which is not supported in this region. ${LISTED}`,
      "properties.kubernetesVersion",
    );
  },
};

const kubernetesUpgradeStep: Refusal = {
  name: "kubernetes-upgrade-step",
  source:
    "learn.microsoft.com/azure/aks/upgrade-aks-cluster: no downgrade, one minor at a time; texts: github.com/rancher/rancher/issues/33561",
  methods: ["PUT"],
  type,
  refuse({ request, existing, regions }) {
    const current = textAt(existing?.body, "properties.currentKubernetesVersion");
    const asked = textAt(request.body, "properties.kubernetesVersion");
    if (current === undefined || asked === undefined) return undefined;
    if (asked === textAt(existing?.body, "properties.kubernetesVersion")) return undefined;
    const wanted = meantVersion(regions, asked, current);
    const isBack = compareVersions(wanted, current) < 0;
    if (!isBack && minorOf(wanted) <= minorOf(current) + 1) return undefined;
    const upgrades = regions.kubernetes
      .flatMap(({ patches }) => patches)
      .filter(
        (patch) => compareVersions(patch, current) > 0 && minorOf(patch) <= minorOf(current) + 1,
      );
    return badRequest(
      "OperationNotAllowed",
      `${isBack ? "Downgrading" : "Upgrading"} Kubernetes version ${current} to ${wanted} is not allowed. Available upgrades: ${upgrades.join(",")}. Please see https://aka.ms/aks-supported-k8s-ver for version details.`,
    );
  },
};

/** A pool whose version a call would write. */
interface VersionedPool {
  readonly name: string;
  readonly asked: string | undefined;
  readonly existing: StoredResource | undefined;
}

function versionedPools({ request, existing, store }: Situation): VersionedPool[] {
  const { path, body } = request;
  if (path.type.toLowerCase() === POOLS.toLowerCase()) {
    const asked = textAt(body, "properties.orchestratorVersion");
    return [{ name: path.name ?? "", asked, existing }];
  }
  if (path.type.toLowerCase() !== type.toLowerCase()) return [];
  return inlinePools(body).map(({ name, properties }) => ({
    name,
    asked: textAt(properties, "orchestratorVersion"),
    existing: store.get(`${path.text}/agentPools/${name}`),
  }));
}

function runningVersion(pool: StoredResource | undefined): string | undefined {
  return textAt(pool?.body, "properties.currentOrchestratorVersion");
}

/** True for what the pool has been asked for before, or runs. */
function isUnchanged({ asked, existing }: VersionedPool): boolean {
  const current = runningVersion(existing);
  return (
    asked === undefined ||
    asked === textAt(existing?.body, "properties.orchestratorVersion") ||
    asked === current ||
    current?.startsWith(`${asked}.`) === true
  );
}

function poolVersionRule(
  name: string,
  source: string,
  refuse: (pool: VersionedPool, wanted: string, situation: Situation) => ArmError | undefined,
): Refusal {
  return {
    name,
    source,
    methods: ["PUT"],
    refuse(situation) {
      for (const pool of versionedPools(situation)) {
        if (pool.asked === undefined || isUnchanged(pool)) continue;
        const wanted = meantVersion(situation.regions, pool.asked, runningVersion(pool.existing));
        const error = refuse(pool, wanted, situation);
        if (error) return error;
      }
      return undefined;
    },
  };
}

const poolVersionOffered = poolVersionRule(
  "pool-version-offered",
  "error AgentPoolK8sVersionNotSupported: github.com/Azure/application-gateway-kubernetes-ingress/issues/696",
  ({ asked = "" }, _wanted, { regions, request, store }) => {
    const cluster = store.get(request.path.parentId ?? "")?.body ?? request.body;
    const longTerm = valueAt(cluster, "properties.supportPlan") === "AKSLongTermSupport";
    const isOffered = resolveKubernetesVersion(regions, asked) !== undefined;
    return isOffered && (longTerm || isGenerallySupported(regions, asked))
      ? undefined
      : badRequest(
          "AgentPoolK8sVersionNotSupported",
          `Version ${asked} is not supported in this region. ${LISTED}`,
        );
  },
);

const poolUpgradeStep = poolVersionRule(
  "pool-upgrade-step",
  "error AgentPoolUpgradeVersionNotAllowed, for a downgrade, too: github.com/kubernetes-sigs/cluster-api-provider-azure/issues/1883 and github.com/Azure/AKS/issues/1109",
  ({ existing }, wanted) => {
    const current = runningVersion(existing);
    if (current === undefined) return undefined;
    if (compareVersions(wanted, current) >= 0 && minorOf(wanted) <= minorOf(current) + 1) {
      return undefined;
    }
    return badRequest(
      "AgentPoolUpgradeVersionNotAllowed",
      `Upgrade agent pool version from ${current} to ${wanted} is not allowed, you can only upgrade one minor version at a time. Please use [az aks get-upgrades] command to get the supported upgrade paths. ${SKEW}`,
    );
  },
);

const poolBehindControlPlane = poolVersionRule(
  "pool-behind-control-plane",
  "error NodePoolMcVersionIncompatible: github.com/rancher/rancher/issues/33426; models of @azure/arm-containerservice: the node pool version cannot be greater than the control plane version",
  (_pool, wanted, situation) => {
    const controlPlane = controlPlaneVersion(situation);
    if (controlPlane === undefined || compareVersions(wanted, controlPlane) <= 0) return undefined;
    const isMinor = minorOf(wanted) > minorOf(controlPlane);
    const [kind, pool, cluster] = isMinor
      ? ["Minor", minorOf(wanted), minorOf(controlPlane)]
      : ["Patch", patchOf(wanted), patchOf(controlPlane)];
    return incompatible(
      wanted,
      controlPlane,
      `${kind} version of node pool version ${pool} is bigger than control plane version ${cluster}. ${SKEW}`,
    );
  },
);

const poolWithinTwoMinors: Refusal = {
  name: "pool-within-two-minors",
  source:
    "error NodePoolMcVersionIncompatible: github.com/MicrosoftDocs/azure-dev-docs/issues/1034; models of @azure/arm-containerservice: within two minor versions of the control plane",
  methods: ["PUT"],
  refuse(situation) {
    const { regions, store, request } = situation;
    const controlPlane = controlPlaneVersion(situation);
    if (controlPlane === undefined) return undefined;
    const asked = versionedPools(situation);
    const wanted = asked
      .filter((pool) => pool.asked !== undefined && !isUnchanged(pool))
      .map((pool) => meantVersion(regions, pool.asked ?? "", runningVersion(pool.existing)));
    const isCluster = request.path.type.toLowerCase() === type.toLowerCase();
    const others = store
      .list(POOLS, isCluster ? request.path.text : request.path.parentId)
      .filter((pool) => !asked.some((each) => each.name === pool.name && !isUnchanged(each)))
      .map((pool) => runningVersion(pool) ?? controlPlane);
    const behind = [...wanted, ...(isCluster ? others : [])].find(
      (version) => minorOf(controlPlane) - minorOf(version) > 2,
    );
    return behind === undefined
      ? undefined
      : incompatible(
          behind,
          controlPlane,
          `Minor version of node pool cannot be more than 2 versions less than control plane's version. Minor version of node pool is ${minorOf(behind)} and control plane is ${minorOf(controlPlane)}. ${SKEW}`,
        );
  },
};

/** The control plane's version after the call; undefined when the call is not about a cluster. */
function controlPlaneVersion({ request, existing, store, regions }: Situation): string | undefined {
  const kind = request.path.type.toLowerCase();
  if (kind === POOLS.toLowerCase()) {
    const cluster = store.get(request.path.parentId ?? "");
    return textAt(cluster?.body, "properties.currentKubernetesVersion");
  }
  if (kind !== type.toLowerCase()) return undefined;
  const current = textAt(existing?.body, "properties.currentKubernetesVersion");
  const asked = textAt(request.body, "properties.kubernetesVersion");
  return asked === undefined ? current : meantVersion(regions, asked, current);
}

const inlineVersionsTogether: Refusal = {
  name: "inline-versions-together",
  source:
    "error NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged: github.com/hashicorp/terraform-provider-azurerm/issues/23436",
  methods: ["PUT"],
  type,
  refuse(situation) {
    const { existing, request } = situation;
    if (!existing) return undefined;
    const pools = versionedPools(situation);
    const given = pools.filter(({ asked }) => asked !== undefined);
    const controlPlane = controlPlaneVersion(situation);
    const plain = textAt(request.body, "properties.kubernetesVersion");
    const isRight = given.every(
      (pool) => isUnchanged(pool) || pool.asked === controlPlane || pool.asked === plain,
    );
    return isRight && (given.length === 0 || given.length === pools.length)
      ? undefined
      : badRequest(
          "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged",
          "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all unspecified. If all specified, they must be stay unchanged or the same with control plane. For agent pool specific change, please use per agent pool operations: https://aka.ms/agent-pool-rest-api",
        );
  },
};

function incompatible(pool: string, controlPlane: string, why: string): ArmError {
  return badRequest(
    "NodePoolMcVersionIncompatible",
    `Node pool version ${pool} and control plane version ${controlPlane} are incompatible. ${why}`,
  );
}

function patchOf(version: string): number {
  return Number(version.split(".")[2] ?? 0);
}

export const kubernetesVersionRules: readonly Refusal[] = [
  kubernetesVersionOffered,
  kubernetesUpgradeStep,
  poolVersionOffered,
  inlineVersionsTogether,
  poolUpgradeStep,
  poolBehindControlPlane,
  poolWithinTwoMinors,
];
