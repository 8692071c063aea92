// Field paths inside Kubernetes objects, with list items identified by name: `spec.containers[haproxy].image`.
import { type Json } from "./kube-object";

/** Keys that may identify a list item, in order of precedence. */
const ITEM_KEYS = ["name", "mountPath", "containerPort", "key", "ip", "type"];

/** The path of `field` below `parent`. */
export function fieldPath(parent: string, field: string): string {
  const simple = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(field);
  if (!simple) return `${parent}["${field}"]`;
  return parent === "" ? field : `${parent}.${field}`;
}

/** The path of a list item: by name when it has one, else by index. */
export function itemPath(parent: string, item: Json | undefined, index: number): string {
  return `${parent}[${itemName(item) ?? index}]`;
}

/** The value that identifies an item in its list; undefined when it has none. */
export function itemName(item: Json | undefined): string | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  for (const key of ITEM_KEYS) {
    const value = (item as Readonly<Record<string, Json>>)[key];
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return undefined;
}
