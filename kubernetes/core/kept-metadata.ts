// The part of an object's metadata that a local copy keeps: others may write large annotations and labels.
import { controllerOf, type ListedMeta, type ListedObject } from "./kube-object";

/** Names of the labels and annotations that are read. */
export interface KeptNames {
  readonly labels?: readonly string[];
  readonly annotations?: readonly string[];
}

/** No name, kind or uid is longer in Kubernetes, and no value that we read. In references and annotations all may be. */
const MAX_LENGTH = 253;

/** The text, cut to so many characters. A copy: V8's slices keep the whole. */
export function cutText(text: string, maxLength = MAX_LENGTH): string {
  return text.length <= maxLength ? text : Buffer.from(text.slice(0, maxLength)).toString();
}

/** Identity, versions and times of the object, the given labels and annotations, and the owner that manages it. */
export function keptMetadata(
  object: ListedObject,
  { labels = [], annotations = [] }: KeptNames = {},
): ListedMeta {
  const { metadata } = object;
  const owner = controllerOf(object);
  const kept: { [Field in keyof ListedMeta]: ListedMeta[Field] | undefined } = {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    labels: pick(metadata.labels, labels),
    annotations: pick(metadata.annotations, annotations),
    ownerReferences: owner && [
      {
        kind: cutText(owner.kind),
        name: cutText(owner.name),
        uid: cutText(owner.uid),
        controller: true,
      },
    ],
  };
  const present = Object.entries(kept).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as ListedMeta;
}

function pick(
  given: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found = names.flatMap((name) => {
    const value = given?.[name];
    return value === undefined ? [] : [[name, cutText(value)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
