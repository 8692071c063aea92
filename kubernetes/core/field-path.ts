// Paths of fields inside Kubernetes objects, with list items called by their name: `spec.containers[haproxy].image`.
import { type Json } from "./kube-object";

/** Keys that identify an item of a list, in the order in which they are tried. */
const ITEM_KEYS = ["name", "mountPath", "containerPort", "key", "ip", "type"];

/** The path of a field below another. */
export function fieldPath(parent: string, field: string): string {
  const simple = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(field);
  if (!simple) return `${parent}["${field}"]`;
  return parent === "" ? field : `${parent}.${field}`;
}

/** The path of a list's item: by its name when it has one, else by its index. */
export function itemPath(parent: string, item: Json | undefined, index: number): string {
  return `${parent}[${itemName(item) ?? index}]`;
}

/** What identifies an item among its siblings, if anything does. */
export function itemName(item: Json | undefined): string | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  for (const key of ITEM_KEYS) {
    const value = (item as Readonly<Record<string, Json>>)[key];
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return undefined;
}
