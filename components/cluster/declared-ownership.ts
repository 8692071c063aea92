// What of a cluster the program decides, and what it leaves to AKS or to those who change it there.
import { UpgradeChannel } from "../../contracts/choices";
import { isRecord } from "../../values/is-record";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { plainValue } from "../engine/plain-value";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { type Properties } from "./core/compare-live";
import { type Ownership } from "./core/plan-write";
import { nodeProperties, poolCounts } from "./node-settings";

/** Once all arguments are known, or with `UNKNOWN` for those that aren't in this preview. */
export async function declaredOwnership(args: AmlAksClusterArgs): Promise<Ownership> {
  const [version, channel, zones, pools, systemPool] = await Promise.all(
    [args.kubernetesVersion, args.upgradeChannel, args.zones, args.pools, args.systemPool].map(
      plainValue,
    ),
  );
  const further = Array.isArray(pools) ? pools.filter(isRecord) : [];
  const kept = isGiven(zones) ? [] : ["availabilityZones"];
  return {
    ownsVersion:
      isGiven(version) &&
      (channel ?? CLUSTER_ARGUMENTS.upgradeChannel.default) === UpgradeChannel.None,
    keptIn: (poolName) => {
      const pool = further.find(({ name }) => name === poolName);
      if (pool === undefined) return kept;
      return [
        ...(isGiven(pool["zones"]) ? [] : ["availabilityZones"]),
        ...(isGiven(pool["subnetName"]) ? [] : ["vnetSubnetID"]),
      ];
    },
    isOwnPool: (poolName) =>
      /^(agents|gpu|spot)[0-9a-f]{5}$/.test(poolName) ||
      further.some(({ name }) => name === poolName),
    systemPool: await systemPoolProperties(isRecord(systemPool) ? systemPool : {}),
  };
}

/** What AKS can change in a live pool; validation refuses another size or disk. */
async function systemPoolProperties(given: Record<string, unknown>): Promise<Properties> {
  const { count, minCount, maxCount } = given as Readonly<Record<string, number | undefined>>;
  const counts = {
    ...(count === undefined ? {} : { count }),
    ...(minCount === undefined ? {} : { minCount }),
    ...(maxCount === undefined ? {} : { maxCount }),
  };
  const hasCounts = Object.keys(counts).length > 0;
  const { nodeLabels, upgradeSettings, osSKU } = nodeProperties(given);
  const settings = (await plainValue({ nodeLabels, upgradeSettings, osSKU })) as Properties;
  return { ...(hasCounts ? poolCounts(counts, count ?? 1) : {}), ...settings };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
