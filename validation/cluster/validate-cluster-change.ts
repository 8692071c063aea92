// Validates changes of an existing cluster's arguments that Azure would reject only during the update.
import { type ArgumentError, shown } from "../../values/argument-error";
import { isRecord } from "../../values/is-record";
import { SupportPlan } from "../../contracts/choices";
import { withoutNullsInside } from "../../values/without";
import { replacesCluster } from "./cluster-replacement";
import { validatePoolChanges } from "./validate-pool-changes";
import { UNKNOWN } from "../../values/unknown";

type Arguments = Readonly<Record<string, unknown>>;

/** All errors of the change (docs/aml-aks-cluster.md). */
export function validateClusterChange(given: Arguments, wanted: Arguments): ArgumentError[] {
  const [before, after] = [withoutNullsInside(given), withoutNullsInside(wanted)];
  const [was, is] = [before, after].map((args) =>
    "existingClusterId" in args ? "attached" : "created",
  );
  if (was !== is) {
    const reason = `can't turn a cluster that was ${was ?? ""} into one that is ${is ?? ""}; declare a second component`;
    return [{ path: "existingClusterId", reason }];
  }
  // An attached cluster is never changed; a replacement is created with all new arguments.
  if (is === "attached" || replacesCluster(before, after)) return [];
  const problems = [
    ...validateNetworkChange(before, after),
    ...validateAccessChange(before, after),
    ...validatePoolChanges(before, after),
  ];
  if (before["supportPlan"] === SupportPlan.LongTerm && after["supportPlan"] === undefined) {
    const reason = `can't be taken away: give ${SupportPlan.Official} to leave the long-term support`;
    problems.push({ path: "supportPlan", reason });
  }
  if (before["entra"] !== undefined && after["entra"] === undefined) {
    problems.push({
      path: "entra",
      reason: "can't be removed: AKS can't return to local accounts only",
    });
  }
  const [old, now] = [before, after].map((args) => minorOf(args["kubernetesVersion"]));
  if (old !== undefined && now !== undefined && (now < old || now > old + 1)) {
    const reason = `can go up by one minor at a time and never down: it was 1.${old} and is 1.${now}`;
    problems.push({ path: "kubernetesVersion", reason });
  }
  return problems;
}

/**
 * All node pools are in one virtual network (learn.microsoft.com/azure/aks/node-pool-unique-subnet), and the system pool
 * is never moved.
 */
function validateNetworkChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [old, now] = [before, after].map(virtualNetwork);
  if (old === undefined || now === undefined || old.toLowerCase() === now.toLowerCase()) return [];
  const reason = `can't be moved to another virtual network: it was ${old} and is ${now}; declare a second cluster`;
  return [{ path: "network", reason }];
}

/** Describes the network for errors; undefined while it is unknown. */
function virtualNetwork(args: Arguments): string | undefined {
  const { network } = args;
  if (network === undefined) return "one that AKS makes";
  if (!isRecord(network)) return undefined;
  const group = network["vnetResourceGroupName"] ?? args["resourceGroupName"];
  const parts = [group, network["vnetName"]];
  return parts.includes(UNKNOWN) ? undefined : shown(parts.join("/"));
}

/** The modes of a private DNS zone: only a change to none is possible (learn.microsoft.com/azure/aks/private-clusters). */
function validateZoneChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [old, now] = [before, after].map((args) => args["privateDnsZone"]);
  // Taken away, it stays as it is.
  if (now === undefined || now === UNKNOWN || old === UNKNOWN || now === "none") return [];
  const [was, is] = [old ?? "system", now].map((zone) => shown(zone).toLowerCase());
  if (was === is) return [];
  const reason = `can only be changed to none: it was ${shown(old ?? "system")} and is ${shown(now)}`;
  return [{ path: "privateDnsZone", reason }];
}

/** A cluster can't become private or public after creation (learn.microsoft.com/azure/aks/private-clusters, «Limitations»). */
function validateAccessChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [old, now] = [before, after].map((args) => args["privateCluster"] ?? false);
  if (old === UNKNOWN || now === UNKNOWN) return [];
  if (old === now) return validateZoneChange(before, after);
  const reason = `can't be changed once the cluster exists: it was ${shown(old)} and is ${shown(now)}; declare a second cluster`;
  return [{ path: "privateCluster", reason }];
}

function minorOf(version: unknown): number | undefined {
  const minor = typeof version === "string" ? /^1\.(\d+)/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}
