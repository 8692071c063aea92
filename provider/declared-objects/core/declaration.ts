// What a component declares through @pulumi/kubernetes: the objects, and their digests in the state.
import { revisionOf } from "../../../contracts/model-endpoint/revision-of";
import { digest, digestOf } from "../../../values/digest";
import { isRecord } from "../../../values/is-record";
import { isDeleted, type KubeObject, objectKey } from "../../../kubernetes/core/kube-object";
import { fieldPath } from "../../../kubernetes/core/field-path";
import { surplusPaths } from "../../../kubernetes/core/list-entries";
import { DELETED } from "../../../values/drift";
import { without } from "../../../values/without";

/** An object as declared. A Secret has the digests of its data in place of the data. */
export interface DeclaredObject extends KubeObject {
  readonly dataDigests?: Readonly<Record<string, string>>;
}

/** By `<Kind>/<name>`: the digest of each object, or the object itself where the update corrects it. */
export type RecordedObjects = Readonly<Record<string, string | DeclaredObject>>;

/** Field managers of @pulumi/kubernetes: one name with a random end for each object. */
const APPLIER = /^pulumi-(resource-)?kubernetes/;

export function isProviderManager(manager: string): boolean {
  return APPLIER.test(manager);
}

/**
 * Field manager for corrections of what @pulumi/kubernetes applies. That of its client-side updates: its next apply
 * takes such fields over (its `fixCSAFieldManagers`), so what the program later leaves out goes.
 */
export const CORRECTION_MANAGER = "pulumi-kubernetes";

/** Whether the state has this very declaration. False when the state has none. */
export function isUnchanged(recorded: RecordedObjects, object: DeclaredObject): boolean {
  const former = recorded[objectKey(object)];
  if (former === undefined) return false;
  return (typeof former === "string" ? former : recordedDigest(former)) === recordedDigest(object);
}

/** Without the data of an immutable Secret, which no change reaches: a digest would let readers of the state try values. */
export function recordedDigest(object: DeclaredObject): string {
  return digestOf(object["immutable"] === true ? without(object, "dataDigests") : object);
}

/**
 * Of the differing paths, those that are somebody's edits: the pod template of a version whose roll-out failed is its
 * former one, and the route tries the declared one again (provider/endpoint-route/io/roll-out-version.ts).
 */
export function editedPaths(
  paths: readonly string[],
  object: DeclaredObject,
  live: KubeObject,
): readonly string[] {
  const isRolledBack = declaredRevision(live) !== declaredRevision(object);
  return isRolledBack ? paths.filter((path) => !path.startsWith("spec.template")) : paths;
}

function declaredRevision(object: KubeObject): string | undefined {
  const { template } = (object["spec"] ?? {}) as { readonly template?: Partial<KubeObject> };
  return revisionOf(template);
}

/** What is wrong with a live object, before its fields are compared. */
export function structuralDrift(
  recorded: RecordedObjects,
  object: DeclaredObject,
  live: KubeObject | undefined,
): readonly string[] {
  if (isDeleted(live)) return recorded[objectKey(object)] === undefined ? [] : [DELETED];
  return editedPaths(surplusPaths(live, object, isProviderManager), object, live);
}

/** The keys of a Secret whose data differ. */
export function differingData(object: DeclaredObject, live: KubeObject): string[] {
  const data = isRecord(live["data"]) ? live["data"] : {};
  return Object.entries(object.dataDigests ?? {})
    .filter(([key, wanted]) => digestOfData(data[key]) !== wanted)
    .map(([key]) => fieldPath("data", key));
}

function digestOfData(value: unknown): string | undefined {
  return typeof value === "string" ? digest(Buffer.from(value, "base64")) : undefined;
}

/** The object in the form of the API. */
export function plainObject(object: DeclaredObject): KubeObject {
  return without(object, "dataDigests") as KubeObject;
}

/** The data of a Secret aren't here, so only @pulumi/kubernetes can correct it. */
export function isCorrectable({ kind }: KubeObject): boolean {
  return kind !== "Secret";
}
