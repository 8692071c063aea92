/** What writing and deleting a compute does to other resources: clusters have one attachment, and v1 made some itself. */
import { idKey } from "./arm-path";
import { textAt, valueAt, withValueAt } from "./json";
import type { Store, StoredResource } from "./store";

export const COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes";

/** Breaks the other attachments of the cluster that a compute was just attached to. */
export function breakOtherAttachments(store: Store, compute: StoredResource, nowMs: number): void {
  const cluster = textAt(compute.body, "properties.resourceId");
  if (cluster === undefined) return;
  for (const other of store.list(COMPUTES)) {
    const held = textAt(other.body, "properties.resourceId");
    if (other.id === compute.id || held === undefined || idKey(held) !== idKey(cluster)) continue;
    const errors = [
      {
        error: {
          code: "ClusterAttachedElsewhere",
          message: `The cluster has been attached as '${compute.id}'.`,
        },
      },
    ];
    const broken = withValueAt(other.body, "properties.provisioningState", "Failed");
    store.put(
      other.id,
      other.type,
      withValueAt(broken, "properties.provisioningErrors", errors),
      nowMs,
    );
  }
}

/** Deletes the cluster that v1 created for a compute. */
export function deleteCreatedCluster(store: Store, compute: StoredResource, nowMs: number): void {
  const cluster = textAt(compute.body, "properties.resourceId");
  if (valueAt(compute.body, "properties.isAttachedCompute") !== false || !cluster) return;
  if (store.get(cluster)) store.begin(cluster, "delete", nowMs, 60);
}
