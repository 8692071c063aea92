// What of a cluster's arguments can't change once it exists, and that Azure would refuse only halfway.
import { type ArgumentError, shown } from "../../values/argument-error";
import { isRecord } from "../../values/is-record";
import { replacesCluster } from "./cluster-replacement";
import { UNKNOWN } from "../../values/unknown";

type Arguments = Readonly<Record<string, unknown>>;

/** Every change that is refused (docs/aml-aks-cluster.md). */
export function validateClusterChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [was, is] = [before, after].map((args) =>
    "existingClusterId" in args ? "attached" : "created",
  );
  if (was !== is) {
    const reason = `can't turn a cluster that was ${was ?? ""} into one that is ${is ?? ""}; declare a second component`;
    return [{ path: "existingClusterId", reason }];
  }
  // An attached cluster is never changed, and one that is made anew starts with everything.
  if (is === "attached" || replacesCluster(before, after)) return [];
  const problems = [
    ...validateNetworkChange(before, after),
    ...validateAccessChange(before, after),
  ];
  if (before["entra"] !== undefined && after["entra"] === undefined) {
    problems.push({
      path: "entra",
      reason: "can't be taken away again: AKS has no way back to local accounts only",
    });
  }
  const [old, now] = [before, after].map((args) => minorOf(args["kubernetesVersion"]));
  if (old !== undefined && now !== undefined && (now < old || now > old + 1)) {
    const reason = `can go up by one minor at a time and never down: it was 1.${old} and is 1.${now}`;
    problems.push({ path: "kubernetesVersion", reason });
  }
  return problems;
}

/** All node pools are in one virtual network (learn.microsoft.com/azure/aks/node-pool-unique-subnet), and the system pool stays. */
function validateNetworkChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [old, now] = [before, after].map(virtualNetwork);
  if (old === undefined || now === undefined || old === now) return [];
  const reason = `can't be moved to another virtual network: it was ${old} and is ${now}; declare a second cluster`;
  return [{ path: "network", reason }];
}

/** The network in words; undefined while it is not known. */
function virtualNetwork(args: Arguments): string | undefined {
  const { network } = args;
  if (network === undefined) return "one that AKS makes";
  if (!isRecord(network)) return undefined;
  const group = network["vnetResourceGroupName"] ?? args["resourceGroupName"];
  const parts = [group, network["vnetName"]];
  return parts.includes(UNKNOWN) ? undefined : shown(parts.join("/"));
}

/** learn.microsoft.com/azure/aks/private-clusters, «Limitations»: a cluster can't be made private, or public, afterwards. */
function validateAccessChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [old, now] = [before, after].map((args) => args["privateCluster"] ?? false);
  if (old === UNKNOWN || now === UNKNOWN || old === now) return [];
  const reason = `can't be changed once the cluster exists: it was ${shown(old)} and is ${shown(now)}; declare a second cluster`;
  return [{ path: "privateCluster", reason }];
}

function minorOf(version: unknown): number | undefined {
  const minor = typeof version === "string" ? /^1\.(\d+)/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}
