// Lists whose entries an apply merges by key: which entries it leaves behind that nobody declared.
import { fieldPath } from "./field-path";
import { isRecord } from "../../values/is-record";
import { type Json, type KubeObject, type ManagedFields } from "./kube-object";

interface ListRule {
  /** Fields that identify an entry (`x-kubernetes-list-map-keys`). */
  readonly keys: readonly string[];
  /**
   * Whether the declaration has every entry. An entry of somebody else then breaks what is declared: a port's name must
   * be unique, though the port isn't its key; a second container listens on the model's port.
   */
  readonly complete: boolean;
}

const POD = "spec.template.spec";

/** The rules of a list of containers. */
function containerRules(list: string): Readonly<Record<string, ListRule>> {
  return {
    [list]: { keys: ["name"], complete: true },
    [`${list}.*.ports`]: { keys: ["containerPort", "protocol"], complete: true },
    [`${list}.*.env`]: { keys: ["name"], complete: false },
    [`${list}.*.volumeMounts`]: { keys: ["mountPath"], complete: false },
    [`${list}.*.volumeDevices`]: { keys: ["devicePath"], complete: false },
  };
}

/** By kind, then by path with `*` for an entry. */
const RULES: Readonly<Record<string, Readonly<Record<string, ListRule>>>> = {
  Service: { "spec.ports": { keys: ["port", "protocol"], complete: true } },
  Deployment: {
    [`${POD}.volumes`]: { keys: ["name"], complete: false },
    [`${POD}.imagePullSecrets`]: { keys: ["name"], complete: false },
    [`${POD}.hostAliases`]: { keys: ["ip"], complete: false },
    [`${POD}.resourceClaims`]: { keys: ["name"], complete: false },
    [`${POD}.topologySpreadConstraints`]: {
      keys: ["topologyKey", "whenUnsatisfiable"],
      complete: false,
    },
    ...containerRules(`${POD}.containers`),
    ...containerRules(`${POD}.initContainers`),
  },
  ModelEndpoint: {
    "spec.versions": { keys: ["name"], complete: true },
    "spec.authentication.keyDigests": { keys: ["name"], complete: true },
  },
  CustomResourceDefinition: { "spec.versions": { keys: ["name"], complete: false } },
};

/** What the API server fills in for a key that isn't given. */
const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: "TCP" };

/** Whether an applying field manager is the one that applies the declaration. */
export type IsApplier = (manager: string) => boolean;

type Entry = Readonly<Record<string, Json>>;
/** Values of the key's fields. */
type EntryKey = Readonly<Record<string, string | number | undefined>>;

/** A place in an object, as a path of our own and as field ownership has it. */
interface Place {
  readonly kind: string;
  /** With `*` for an entry. */
  readonly pattern: string;
  /** For messages. */
  readonly path: string;
  readonly steps: readonly (string | EntryKey)[];
}

/**
 * Paths of the live entries that aren't declared and that an apply by the applier doesn't remove: somebody else owns
 * them, too.
 */
export function surplusPaths(
  live: KubeObject,
  declared: KubeObject,
  isApplier: IsApplier,
): string[] {
  const found: string[] = [];
  visit(rootOf(declared), live as Json, declared as Json, (place, entry) => {
    if (!isRemovedByApply(live, place, isApplier)) found.push(place.path);
    return entry;
  });
  return found.sort();
}

/**
 * The live object with everything that is declared, and without surplus entries. Entries that others add to lists that
 * the declaration doesn't have as a whole stay.
 */
export function correctedObject(live: KubeObject, declared: KubeObject): KubeObject {
  return visit(rootOf(declared), live as Json, declared as Json, () => undefined) as KubeObject;
}

function rootOf({ kind }: KubeObject): Place {
  return { kind, pattern: "", path: "", steps: [] };
}

/** @param undeclared sees each undeclared entry of a complete list; undefined removes it */
function visit(
  place: Place,
  live: Json | undefined,
  declared: Json,
  undeclared: (place: Place, entry: Entry) => Entry | undefined,
): Json {
  if (isList(declared)) {
    const rule = RULES[place.kind]?.[place.pattern];
    if (rule === undefined || !isList(live)) return declared;
    const entries = live.filter(isEntry);
    const wanted = declared.filter(isEntry);
    const others = entries.filter((entry) => !wanted.some((each) => sameKey(rule, entry, each)));
    return [
      ...wanted.map((each) => {
        const found = entries.find((entry) => sameKey(rule, entry, each));
        const base = found ?? keptOf(place, others, each);
        return visit(entryPlace(place, rule, each), base, each, undeclared);
      }),
      ...others.flatMap((entry) => {
        if (!rule.complete) return [entry];
        return undeclared(entryPlace(place, rule, entry), entry) ?? [];
      }),
    ];
  }
  if (!isEntry(declared)) return declared;
  const merged: Record<string, Json> = { ...(isEntry(live) ? live : {}) };
  for (const [field, value] of Object.entries(declared)) {
    if (value === undefined) continue;
    merged[field] = visit(fieldPlace(place, field), merged[field], value, undeclared);
  }
  return merged;
}

/** A renumbered port of a Service keeps its node port: load balancers send to it. */
function keptOf(place: Place, others: readonly Entry[], wanted: Entry): Entry | undefined {
  if (place.kind !== "Service") return undefined;
  const nodePort = others.find(({ name }) => name === wanted["name"])?.["nodePort"];
  return nodePort === undefined ? undefined : { nodePort };
}

function fieldPlace({ kind, pattern, path, steps }: Place, field: string): Place {
  const inner = pattern === "" ? field : `${pattern}.${field}`;
  return { kind, pattern: inner, path: fieldPath(path, field), steps: [...steps, field] };
}

function entryPlace({ kind, pattern, path, steps }: Place, rule: ListRule, entry: Entry): Place {
  const key = keyOf(rule, entry);
  return {
    kind,
    pattern: `${pattern}.*`,
    path: `${path}[${Object.values(key).join("/")}]`,
    steps: [...steps, key],
  };
}

function keyOf({ keys }: ListRule, entry: Entry): EntryKey {
  return Object.fromEntries(
    keys.map((name) => {
      const value = entry[name] ?? KEY_DEFAULTS[name];
      return [name, typeof value === "number" || typeof value === "string" ? value : undefined];
    }),
  );
}

function sameKey(rule: ListRule, one: Entry, other: Entry): boolean {
  const [left, right] = [keyOf(rule, one), keyOf(rule, other)];
  return rule.keys.every((name) => left[name] === right[name]);
}

/** An apply removes what its manager alone owns. */
function isRemovedByApply(live: KubeObject, { steps }: Place, isApplier: IsApplier): boolean {
  const owners = (live.metadata.managedFields ?? []).filter(
    ({ subresource, fieldsV1 }) => subresource === undefined && owns(fieldsV1, steps),
  );
  const appliers = new Set(owners.filter((owner) => isApply(owner, isApplier)).map(nameOf));
  return appliers.size === 1 && owners.every((owner) => isApplier(nameOf(owner)));
}

function isApply(fields: ManagedFields, isApplier: IsApplier): boolean {
  return fields.operation === "Apply" && isApplier(nameOf(fields));
}

function nameOf({ manager = "" }: ManagedFields): string {
  return manager;
}

function owns(fields: Json | undefined, steps: Place["steps"]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return fields !== undefined;
  if (!isRecord(fields)) return false;
  return Object.entries(fields).some(([name, below]) => matches(name, step) && owns(below, rest));
}

/** Ownership writes a field as `f:ports`, an entry as `k:{"port":80,"protocol":"TCP"}`. */
function matches(name: string, step: string | EntryKey): boolean {
  if (typeof step === "string") return name === `f:${step}`;
  if (!name.startsWith("k:")) return false;
  const key = JSON.parse(name.slice(2)) as EntryKey;
  return Object.entries(step).every(([field, value]) => key[field] === value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isEntry(value: Json | undefined): value is Entry {
  return isRecord(value);
}
