// The settings of nodes that all kinds of node pools share, and the system pool's and the further pools' arguments.
import { readVmSize } from "../../azure/core/vm-size";
import { azureTags } from "../../azure/core/azure-tags";
import { EvictionPolicy, OsDiskType, OsSku, PoolMode } from "../../contracts/choices";
import { type ArgumentError, shown } from "../../values/argument-error";
import { boolean, choice, integer, isNumberIn, text, textLike } from "../../values/argument-rules";
import {
  type ArgumentRule,
  type Arguments,
  type ArgumentTable,
  isUnset,
} from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { list, object, texts } from "../../values/object-rules";
import { UNKNOWN } from "../../values/unknown";

/** A count of nodes or a share of the pool (learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling). */
const MAX_SURGE = /^([1-9]\d*|[1-9]\d?%|100%)$/;
// kubernetes.azure.com/ is AKS's own (learn.microsoft.com/azure/aks/use-labels, «Reserved system labels»).
const LABEL_NAME = {
  pattern: /^(?!kubernetes\.azure\.com\/)([a-z0-9.-]+\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  legal: "like team or example.com/team, and not one of kubernetes.azure.com",
};
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const TAINT =
  /^([a-z0-9.-]+\/)?[A-Za-z0-9][-A-Za-z0-9_.]*(=[-A-Za-z0-9_.]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

const labels = texts(LABEL_NAME, {
  items: textLike("a label's value of at most 63 characters", LABEL_VALUE, {}),
});

/**
 * Settings of a pool's nodes. Defaults are AKS's; bounds are those of AKS's REST API (agent-pools/create-or-update) and
 * of Linux nodes with Azure CNI.
 */
export const NODE_ARGUMENTS = {
  osSku: choice(Object.values(OsSku), {}),
  osDiskType: choice(Object.values(OsDiskType), {}),
  osDiskSizeGb: integer({ minimum: 30, maximum: 2048 }),
  maxPods: integer({ minimum: 10, maximum: 250 }),
  encryptionAtHost: boolean({ default: false }),
  labels,
  maxSurge: textLike("a number of nodes like 1 or a share like 33%", MAX_SURGE, {}),
  drainTimeoutMinutes: integer({ minimum: 1, maximum: 1440 }),
} as const satisfies ArgumentTable;

export const SYSTEM_POOL_ARGUMENTS = {
  vmSize: text({ default: "Standard_D2s_v5", beside: largeEnough }),
  count: integer({ minimum: 1, maximum: 1000, beside: notWithBounds }),
  minCount: integer({ minimum: 1, maximum: 1000, beside: needsMaxCount }),
  maxCount: integer({ minimum: 1, maximum: 1000, beside: maxCount }),
  ...NODE_ARGUMENTS,
} as const satisfies ArgumentTable;

/** Machines at the spot price. */
export const SPOT_MACHINE_ARGUMENTS = {
  maxPrice: {
    bound: "-1, the price of an ordinary machine, or a price above 0 in US dollars per hour",
    legal: "be -1 or above 0",
    default: -1,
    find: (path, value) =>
      value === -1 || isNumberIn(value, { above: 0, decimals: 5 })
        ? []
        : [
            {
              path,
              reason: `must be -1 or above 0, with at most 5 decimals: it is ${shown(value)}`,
            },
          ],
  },
  evictionPolicy: choice(Object.values(EvictionPolicy), { default: EvictionPolicy.Delete }),
} as const satisfies ArgumentTable;

/** Names of the pools that the component makes begin with these. */
export const OWN_POOLS = ["agents", "gpu", "spot", "system"] as const;

/** learn.microsoft.com/azure/aks/create-node-pools, «Limitations». */
const POOL_NAME = new RegExp(`^(?!${OWN_POOLS.join("|")})[a-z][a-z0-9]{0,11}$`);

/** A further pool. */
export const POOL_ARGUMENTS = {
  name: textLike(
    `1 to 12 lower-case letters and digits that begin with a letter and not with ${OWN_POOLS.join(", ")}`,
    POOL_NAME,
    { required: true },
  ),
  mode: choice(Object.values(PoolMode), { default: PoolMode.User }),
  vmSize: text({ required: true, beside: noFpga }),
  count: integer({ default: 1, minimum: 0, maximum: 1000, beside: poolCount }),
  minCount: integer({ minimum: 0, maximum: 1000, beside: needsMaxCount }),
  maxCount: integer({ minimum: 1, maximum: 1000, beside: maxCount }),
  zones: list(choice(["1", "2", "3"], {})),
  subnetName: text({}),
  taints: list(textLike("a taint like sku=gpu:NoSchedule", TAINT, {})),
  spot: object(SPOT_MACHINE_ARGUMENTS, { beside: onlyUser }),
  tags: azureTags,
  ...NODE_ARGUMENTS,
} as const satisfies ArgumentTable;

/** The further pools, each under a name of its own. */
export const pools: ArgumentRule = {
  ...list(object(POOL_ARGUMENTS)),
  beside: (path, value, siblings) => [
    ...differentNames(path, value),
    ...subnetsNeedNetwork(path, value, siblings),
  ],
};

function differentNames(path: string, given: unknown): ArgumentError[] {
  const names = recordsOf(given).map(({ name }) => name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (typeof name !== "string" || name === UNKNOWN || first === index) return [];
    const reason = `must be another name than that of ${path}[${first}]: it is ${shown(name)}`;
    return [{ path: `${path}[${index}].name`, reason }];
  });
}

function subnetsNeedNetwork(path: string, given: unknown, { network }: Arguments): ArgumentError[] {
  if (!isUnset(network)) return [];
  return recordsOf(given).flatMap(({ subnetName }, index) =>
    isUnset(subnetName)
      ? []
      : [
          {
            path: `${path}[${index}].subnetName`,
            reason: "needs network: it is one of its subnets",
          },
        ],
  );
}

/** The items of a list that are known objects, in their places. */
function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((each: unknown) => (isRecord(each) ? each : {})) : [];
}

function largeEnough(path: string, vmSize: unknown): ArgumentError[] {
  const size = parseVmSize(vmSize);
  if (size?.ok !== true || size.vCpus >= 2) return noFpga(path, vmSize);
  const reason = `must be a size with at least 2 vCPUs, which AKS needs for its own pods: it is ${shown(vmSize)}`;
  return [{ path, reason }];
}

/** AKS has no FPGA machines that a model could use. */
export function noFpga(path: string, vmSize: unknown): ArgumentError[] {
  const size = parseVmSize(vmSize);
  return size?.ok === false && size.isFpga ? [{ path, reason: size.reason }] : [];
}

/** What the size's name says; undefined when no text is known. */
export function parseVmSize(vmSize: unknown): ReturnType<typeof readVmSize> | undefined {
  return typeof vmSize === "string" && vmSize !== UNKNOWN ? readVmSize(vmSize) : undefined;
}

function notWithBounds(path: string, count: unknown, pool: Arguments): ArgumentError[] {
  if (isUnset(count) || (isUnset(pool["minCount"]) && isUnset(pool["maxCount"]))) return [];
  return [{ path, reason: "can't be given with minCount and maxCount: AKS decides the number" }];
}

function poolCount(path: string, count: unknown, pool: Arguments): ArgumentError[] {
  const problems = notWithBounds(path, count, pool);
  if (problems.length > 0 || count !== 0 || pool["mode"] !== PoolMode.System) return problems;
  return [{ path, reason: "must be at least 1 in a pool of mode System: it is 0" }];
}

function needsMaxCount(path: string, minCount: unknown, pool: Arguments): ArgumentError[] {
  if (isUnset(minCount)) return [];
  if (isUnset(pool["maxCount"])) return [{ path, reason: "needs maxCount" }];
  if (minCount !== 0 || pool["mode"] !== PoolMode.System) return [];
  return [{ path, reason: "must be at least 1 in a pool of mode System: it is 0" }];
}

function maxCount(path: string, given: unknown, pool: Arguments): ArgumentError[] {
  if (!isUnset(given) && isUnset(pool["minCount"])) return [{ path, reason: "needs minCount" }];
  return atLeastMinCount(path, given, pool);
}

/** The largest number of nodes is not below the smallest. */
export function atLeastMinCount(
  path: string,
  maxCount: unknown,
  { minCount }: Arguments,
): ArgumentError[] {
  if (typeof minCount !== "number" || typeof maxCount !== "number" || minCount <= maxCount) {
    return [];
  }
  return [{ path, reason: `must be at least minCount ${minCount}: it is ${maxCount}` }];
}

/** learn.microsoft.com/azure/aks/spot-node-pool, «Limitations». */
function onlyUser(path: string, spot: unknown, { mode }: Arguments): ArgumentError[] {
  if (isUnset(spot) || mode !== PoolMode.System) return [];
  return [
    { path, reason: "needs mode User: AKS's own pods must not run on machines that Azure evicts" },
  ];
}
