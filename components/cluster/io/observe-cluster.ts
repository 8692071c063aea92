// The live cluster and its kubeconfig, looked up by an id that a preview knows.
import {
  getManagedCluster,
  type GetManagedClusterResult,
  listManagedClusterUserCredentials,
} from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { unknownBecause } from "../../engine/unknown-values";
import { withoutLoginPrompt } from "../core/cluster-kubeconfig";
import { namesIn } from "../../../azure/core/azure-id";
import { messageOf } from "../../../values/message-of";
import { type LookUpCluster } from "./look-up-cluster";

export interface ObservedCluster {
  readonly cluster: GetManagedClusterResult;
  readonly kubeconfig: string;
}

export type ClusterReading =
  | { readonly ok: true; readonly observed: ObservedCluster }
  /** `reason` follows the cluster's name or id. */
  | { readonly ok: false; readonly isGone: boolean; readonly reason: string };

/**
 * Reads the cluster and its kubeconfig.
 * @param lookUp a cached look-up, when the cluster can't have changed since
 */
export async function readCluster(
  id: string,
  opts: pulumi.InvokeOptions,
  lookUp: LookUpCluster = (named) => getManagedCluster(named, opts),
): Promise<ClusterReading> {
  const { resourceGroupName, name: resourceName } = namesIn(id);
  const named = { resourceGroupName, resourceName };
  try {
    const cluster = await lookUp(named);
    const { kubeconfigs } = await listManagedClusterUserCredentials(named, opts);
    const [first] = kubeconfigs;
    if (first === undefined) return unreadable("has no kubeconfig for this login");
    const text = Buffer.from(first.value, "base64").toString("utf8");
    const made = withoutLoginPrompt(text);
    if (!made.ok) return unreadable(made.reason);
    return { ok: true, observed: { cluster, kubeconfig: made.kubeconfig } };
  } catch (error) {
    const why = messageOf(error).replace(/\s+/g, " ").trim();
    if (!/ResourceNotFound|ResourceGroupNotFound/.test(why)) {
      return unreadable(`can't be read: ${why}`);
    }
    return { ok: false, isGone: true, reason: "doesn't exist in Azure" };
  }
}

function unreadable(reason: string): ClusterReading {
  return { ok: false, isGone: false, reason };
}

/**
 * The live cluster. By its id and not by its outputs: those are unknown in the preview of an update, and an unknown
 * kubeconfig would show everything in the cluster as replaced.
 */
export function observeCluster(
  id: pulumi.Input<string>,
  component: pulumi.Resource,
  lookUp?: LookUpCluster,
): pulumi.Output<ObservedCluster> {
  return pulumi.secret(
    pulumi.output(id).apply(async (known) => {
      const read = await readCluster(known, { parent: component }, lookUp);
      if (read.ok) return read.observed;
      const remedy = read.isGone ? ": pulumi up --refresh creates it again" : "";
      const sentence = `cluster ${namesIn(known).name} ${read.reason}${remedy}`;
      return unknownBecause(component, sentence);
    }),
  );
}
