/** Cutting a live object down to the fields that somebody wrote. */
import { isRecord } from "../../property-value";
import type { KubeObject } from "./kube-object";

/**
 * The members of `live` that `shape` has too, however deep; list items are paired by position.
 * What differs in type is kept as it lives, so that a comparison shows it.
 */
export function pruneToShape(live: KubeObject, shape: KubeObject): KubeObject {
  const pruned: KubeObject = {};
  for (const [key, value] of Object.entries(live)) {
    if (key in shape) pruned[key] = pruneValue(value, shape[key]);
  }
  return pruned;
}

function pruneValue(live: unknown, shape: unknown): unknown {
  if (isRecord(live) && isRecord(shape)) return pruneToShape(live, shape);
  if (Array.isArray(live) && Array.isArray(shape)) return pruneList(live, shape);
  return live;
}

function pruneList(live: unknown[], shape: unknown[]): unknown[] {
  if (shape.length === 0) return [];
  return live.slice(0, shape.length).map((item, index) => pruneValue(item, shape[index]));
}
