// Strategic merge patches of pod templates, as the API server applies them (kubernetes.io, «Update API Objects in Place
// Using kubectl patch»; sig-api-machinery, «Strategic Merge Patch»).
import { pathTo } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";

/** How a list of objects is merged: by this field of its entries. Lists without one are replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  volumes: "name",
  containers: "name",
  initContainers: "name",
  imagePullSecrets: "name",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  resourceClaims: "name",
  schedulingGates: "name",
  "containers.env": "name",
  "containers.ports": "containerPort",
  "containers.volumeMounts": "mountPath",
  "containers.volumeDevices": "devicePath",
};

/** Field names of directives that a patch may have. */
const DIRECTIVES = ["$patch", "$retainKeys"];

/** What is wrong with a patch, by its path in it. */
export interface PatchProblem {
  readonly path: string;
  readonly reason: string;
}

/** The field that identifies the entries of the list at a path of a pod template, e.g. `spec.containers.env`. */
function mergeKeyOf(path: string): string | undefined {
  const inner = path.replace(/^spec\./, "").replace(/^initContainers\./, "containers.");
  return path.startsWith("spec.") ? MERGE_KEYS[inner] : undefined;
}

/**
 * The pod template with the patch: objects are merged, lists by their entries' key, else replaced; null deletes;
 * `$patch: delete` empties an object or removes an entry; `$patch: replace` in an object, or in an entry of its own of a
 * list, replaces the whole; `$retainKeys` drops all other fields. Entries that only the patch has come first, as the API
 * server has it.
 */
export function mergePodTemplate(template: JsonObject, patch: JsonObject): JsonObject {
  return mergeMaps("", template, patch);
}

/** The directives that aren't known, and the entries that nothing identifies. */
export function findPatchProblems(patch: JsonObject): PatchProblem[] {
  return problemsOf("", "", patch);
}

function mergeMaps(path: string, original: JsonObject, patch: JsonObject): JsonObject {
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === "delete") return {};
  const kept = Object.entries(directive === "replace" ? {} : original).filter(
    ([name]) => !Array.isArray(retained) || retained.includes(name),
  );
  const merged = new Map<string, unknown>(kept);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (value === null) merged.delete(name);
    else merged.set(name, mergeValues(pathTo(path, name), merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function mergeValues(path: string, original: unknown, patch: unknown): unknown {
  if (isRecord(patch)) return mergeMaps(path, isRecord(original) ? original : {}, patch);
  const key = mergeKeyOf(path);
  if (!Array.isArray(patch) || key === undefined) return patch;
  return mergeLists(path, key, Array.isArray(original) ? original : [], patch);
}

function mergeLists(
  path: string,
  key: string,
  original: readonly unknown[],
  patch: readonly unknown[],
): unknown[] {
  const entries = patch.filter(isRecord);
  const changes = entries.filter((entry) => entry["$patch"] !== "replace");
  const former = changes.length < entries.length ? [] : original.filter(isRecord);
  const changeOf = (entry: JsonObject) => changes.find((change) => change[key] === entry[key]);
  const changed = changes.flatMap((change) => {
    if (change["$patch"] === "delete") return [];
    const found = former.find((entry) => entry[key] === change[key]) ?? {};
    return [mergeMaps(path, found, change)];
  });
  const others = former.filter((entry) => changeOf(entry) === undefined);
  return inOrder(others, changed, (entry) => former.findIndex((each) => each[key] === entry[key]));
}

/** Both lists keep their order; an entry that was there before stays where the former order has it. */
function inOrder(
  others: readonly JsonObject[],
  changed: readonly JsonObject[],
  placeOf: (entry: JsonObject) => number,
): JsonObject[] {
  const result: JsonObject[] = [];
  let next = 0;
  for (const entry of changed) {
    const place = placeOf(entry);
    for (let other = others[next]; other !== undefined && placeOf(other) < place;) {
      result.push(other);
      next += 1;
      other = others[next];
    }
    result.push(entry);
  }
  return [...result, ...others.slice(next)];
}

/** @param at path in the patch, with the keys of entries; `path` without them */
function problemsOf(at: string, path: string, value: unknown): PatchProblem[] {
  if (Array.isArray(value)) {
    const key = mergeKeyOf(path);
    return value.flatMap((entry: unknown, index) => {
      if (key === undefined) return problemsOf(`${at}[${index}]`, path, entry);
      if (!isRecord(entry)) return [{ path: `${at}[${index}]`, reason: "must be an object" }];
      const name = entry[key];
      if (typeof name === "string" || typeof name === "number") {
        return problemsOf(`${at}[${name}]`, path, entry);
      }
      if (entry["$patch"] === "replace" && Object.keys(entry).length === 1) return [];
      const reason = `must have ${key}, by which the entries of this list are merged`;
      return [{ path: `${at}[${index}]`, reason }];
    });
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = pathTo(at, name);
    if (!name.startsWith("$")) return problemsOf(inner, pathTo(path, name), member);
    if (!DIRECTIVES.includes(name)) {
      return [{ path: inner, reason: `is no directive; they are ${DIRECTIVES.join(" and ")}` }];
    }
    if (name === "$retainKeys" || ["merge", "replace", "delete"].includes(String(member)))
      return [];
    const reason = `must be merge, replace or delete: it is ${JSON.stringify(member)}`;
    return [{ path: inner, reason }];
  });
}
