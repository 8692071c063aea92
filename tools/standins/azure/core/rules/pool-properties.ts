/** What AKS refuses in a node pool's counts, taints, upgrades and states. */
import { type ArmError, badRequest } from "../arm-error";
import { numberAt, objectAt, textAt, valueAt } from "../json";
import type { Refusal } from "../rule";
import { poolRule } from "./agent-pools";

const MODELS = "models of @azure/arm-containerservice, ManagedClusterAgentPoolProfileProperties";

/** AKS's sentence for a value that it doesn't take. */
function invalid(path: string, why: string): ArmError {
  return badRequest(
    "InvalidParameter",
    `The value of parameter ${path} is invalid. Error details: ${why} Please see https://aka.ms/aks-naming-rules for more details.`,
    path,
  );
}

const poolCountRange = poolRule(
  "pool-count-range",
  `${MODELS}: 0 to 1000, 1 to 1000 for system pools; text: github.com/kubernetes-sigs/cluster-api-provider-azure/issues/5947`,
  ({ properties, before }) => {
    const mode = textAt(properties, "mode") ?? textAt(before, "properties.mode") ?? "User";
    const least = mode === "System" ? 1 : 0;
    for (const name of ["count", "minCount", "maxCount"]) {
      const count = numberAt(properties, name);
      if (count === undefined || (Number.isInteger(count) && count >= least && count <= 1000)) {
        continue;
      }
      return badRequest(
        "InvalidParameter",
        `agentPoolProfile.${name} was ${count}. It must be greater or equal to minCount:${least} and less than or equal to maxCount:1000. If allowedMinCount was expected to be 0 but is 1: 1) The nodepool is a VMAS pool. 2) api Version is less than 2020-03-01. 3) The node is a system pool.`,
        `agentPoolProfile.${name}`,
      );
    }
    return undefined;
  },
);

/** `key=value:Effect`; the value may be missing. */
const TAINT = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

function taintsOf(properties: unknown): string[] {
  const taints = valueAt(properties, "nodeTaints");
  return Array.isArray(taints) ? taints.map(String) : [];
}

const poolTaintForm = poolRule(
  "pool-taint-form",
  `${MODELS}: nodeTaints, for example key=value:NoSchedule; the effects are Kubernetes' own`,
  ({ properties }) => {
    const wrong = taintsOf(properties).find((taint) => !TAINT.test(taint));
    return wrong === undefined
      ? undefined
      : invalid("agentPoolProfile.nodeTaints", `the taint '${wrong}' is not key=value:effect.`);
  },
);

const systemPoolTaints = poolRule(
  "system-pool-taints",
  "error SystemPoolHasRestrictedTaint: github.com/Azure/AKS/issues/2578; aka.ms/aks/system-taints",
  ({ properties, before }) => {
    const mode = textAt(properties, "mode") ?? textAt(before, "properties.mode");
    const isRestricted = (taint: string) => {
      const [, key, , effect] = TAINT.exec(taint) ?? [];
      return key !== "CriticalAddonsOnly" && effect !== "PreferNoSchedule";
    };
    return mode === "System" && taintsOf(properties).some(isRestricted)
      ? badRequest(
          "SystemPoolHasRestrictedTaint",
          "Operation failed due to insufficient nodes for system pod scheduling. Placing custom taints on system pool is not supported(except 'CriticalAddonsOnly' taint or taint effect is 'PreferNoSchedule'). Please refer to https://aka.ms/aks/system-taints for detail",
        )
      : undefined;
  },
);

const poolUpgradeSettings = poolRule(
  "pool-upgrade-settings",
  "models of @azure/arm-containerservice, AgentPoolUpgradeSettings: maxSurge and maxUnavailable are an integer or a percentage; learn.microsoft.com/azure/aks/upgrade-aks-cluster: a drain waits 1 to 1440 minutes, a soak 0 to 30; maxUnavailable needs maxSurge 0",
  ({ properties }) => {
    const settings = objectAt(properties, "upgradeSettings");
    for (const [name, least, most] of [
      ["drainTimeoutInMinutes", 1, 1440],
      ["nodeSoakDurationInMinutes", 0, 30],
    ] as const) {
      const value = numberAt(settings, name);
      if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) {
        continue;
      }
      return invalid(
        `agentPoolProfile.upgradeSettings.${name}`,
        `${value} is not ${least} to ${most}.`,
      );
    }
    for (const name of ["maxSurge", "maxUnavailable"]) {
      const value = textAt(settings, name);
      if (value === undefined || /^(\d+|\d{1,3}%)$/.test(value)) continue;
      return invalid(
        `agentPoolProfile.upgradeSettings.${name}`,
        `'${value}' is neither a number nor a percentage.`,
      );
    }
    const isSome = (name: string) => !/^0%?$/.test(textAt(settings, name) ?? "0");
    return isSome("maxSurge") && isSome("maxUnavailable")
      ? invalid(
          "agentPoolProfile.upgradeSettings.maxUnavailable",
          "maxSurge and maxUnavailable can't both be above 0.",
        )
      : undefined;
  },
);

const poolMaxPods = poolRule(
  "pool-max-pods",
  "learn.microsoft.com/azure/aks/quotas-skus-regions and concepts-network-ip-address-planning: 10 to 250 pods per node",
  ({ properties }) => {
    const pods = numberAt(properties, "maxPods");
    return pods === undefined || (pods >= 10 && pods <= 250)
      ? undefined
      : invalid("agentPoolProfile.maxPods", `${pods} is not 10 to 250.`);
  },
);

const windowsIsUserPool = poolRule(
  "windows-is-user-pool",
  "learn.microsoft.com/azure/aks/use-system-pools: system pools run Linux; windows-faq: a Windows pool's name has at most six characters",
  ({ name, properties }) => {
    if (properties["osType"] !== "Windows") return undefined;
    if (properties["mode"] === "System") {
      return invalid("agentPoolProfile.mode", "a Windows agent pool can't be a system pool.");
    }
    return name.length <= 6
      ? undefined
      : invalid("agentPoolProfile.name", "a Windows agent pool's name has at most 6 characters.");
  },
);

const systemPoolRuns = poolRule(
  "system-pool-runs",
  "learn.microsoft.com/azure/aks/start-stop-nodepools, «Limitations»: system pools aren't supported",
  ({ name, properties, before }) => {
    const mode = textAt(properties, "mode") ?? textAt(before, "properties.mode");
    return mode === "System" && textAt(properties, "powerState.code") === "Stopped"
      ? badRequest("OperationNotAllowed", `System agent pool '${name}' can't be stopped.`)
      : undefined;
  },
);

export const poolPropertyRules: readonly Refusal[] = [
  poolCountRange,
  poolTaintForm,
  systemPoolTaints,
  poolUpgradeSettings,
  poolMaxPods,
  windowsIsUserPool,
  systemPoolRuns,
];
