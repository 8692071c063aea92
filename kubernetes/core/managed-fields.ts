// Finds drift without write access: compares declared fields with the live object where a dry run is forbidden.
import { fieldPath, itemName, itemPath } from "./field-path";
import { type Json, type KubeObject } from "./kube-object";

/**
 * The declared paths that are missing or different in the live object, and the paths that `manager` owns but no longer
 * declares. Fields that Kubernetes defaulted don't count. Unlike a dry run, this reports a value that Kubernetes
 * normalizes (`1000m` to `1`), so our objects declare canonical forms.
 * @param manager undefined: no path counts because of its owner
 */
export function differingDeclaredPaths(
  live: KubeObject,
  declared: KubeObject,
  manager?: string,
): string[] {
  const paths: string[] = [];
  collect("", live as Json, declared as Json, paths);
  const entry = live.metadata.managedFields?.find(
    (each) => manager !== undefined && each.manager === manager && each.operation === "Apply",
  );
  if (entry?.fieldsV1 !== undefined) collectAbandoned("", entry.fieldsV1, declared as Json, paths);
  return paths.sort();
}

function collect(path: string, live: Json | undefined, declared: Json, out: string[]) {
  if (Array.isArray(declared)) {
    const items: readonly Json[] = Array.isArray(live) ? (live as readonly Json[]) : [];
    (declared as readonly Json[]).forEach((item, index) => {
      collect(itemPath(path, item, index), matching(items, item, index), item, out);
    });
  } else if (typeof declared === "object" && declared !== null) {
    for (const [field, value] of Object.entries(declared)) {
      collect(fieldPath(path, field), child(live, field), value, out);
    }
  } else if (live !== declared) out.push(path);
}

/** Collects the fields (`f:` keys) that the manager owns and the declaration lacks: an apply would remove them. */
function collectAbandoned(path: string, owned: Json, declared: Json | undefined, out: string[]) {
  if (typeof owned !== "object" || owned === null || Array.isArray(owned)) return;
  for (const [key, below] of Object.entries(owned)) {
    if (!key.startsWith("f:")) continue;
    const field = key.slice(2);
    const value = child(declared, field);
    // List items have keys of another form (`k:`); collect() has compared them.
    if (value === undefined) out.push(fieldPath(path, field));
    else if (!Array.isArray(value)) collectAbandoned(fieldPath(path, field), below, value, out);
  }
}

function matching(items: readonly Json[], wanted: Json, index: number): Json | undefined {
  const name = itemName(wanted);
  return name === undefined ? items[index] : items.find((item) => itemName(item) === name);
}

function child(value: Json | undefined, field: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, Json>>)[field];
}
