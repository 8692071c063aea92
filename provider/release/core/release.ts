// A release: the set of Kubernetes objects that one dynamic resource declares, and their digests in the state.
import { OWNER_ANNOTATION } from "../../../contracts/owner-mark";
import { digestOf } from "../../../values/digest";
import { type KubeObject, objectKey } from "../../../kubernetes/core/kube-object";
import { type Deployment } from "../../../kubernetes/core/workload";

/** Label on every object of a release; its value is the release's name. */
export const RELEASE_LABEL = "aml-inference.io/release";

/** The release with its owner's mark on every object; unchanged without one. */
export function withMark(release: Release, mark: string | undefined): Release {
  if (mark === undefined) return release;
  const { bundle, deployment } = release;
  return { ...release, bundle: marked(bundle, mark), deployment: marked(deployment, mark) };
}

/** A former Deployment with the mark of the present one: it may have had another owner. */
export function withMarkOf(former: Deployment, present: Deployment): Deployment {
  const mark = present.metadata.annotations?.[OWNER_ANNOTATION];
  return mark === undefined ? former : marked(former, mark);
}

function marked<T extends KubeObject>(object: T, mark: string): T {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [OWNER_ANNOTATION]: mark };
  return { ...object, metadata: { ...metadata, annotations } };
}

export interface Release {
  readonly name: string;
  readonly namespace: string;
  /** Immutable ConfigMap with the code, named after the digest of its content. */
  readonly bundle: BundleConfigMap;
  readonly deployment: Deployment;
}

export interface BundleConfigMap extends KubeObject {
  readonly immutable: true;
  readonly data: Readonly<Record<string, string>>;
}

/** The ConfigMap that records the last verified release, to which a failed release is rolled back. */
export interface ReleaseRecord extends KubeObject {
  readonly data: { readonly deployment: string };
}

/** Digest of each object by `<Kind>/<name>`, as the state records it. */
export type ObjectDigests = Readonly<Record<string, string>>;

export function releaseRecord({ name, namespace, deployment }: Release): ReleaseRecord {
  const { annotations } = deployment.metadata;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName(name),
      namespace,
      labels: releaseLabels(name),
      ...(annotations === undefined ? {} : { annotations }),
    },
    data: { deployment: JSON.stringify(deployment) },
  };
}

export function recordName(release: string): string {
  return `${release}-release`;
}

/** All objects of the release, in the order of an apply. */
export function ownedObjects(release: Release): readonly KubeObject[] {
  return [release.bundle, release.deployment, releaseRecord(release)];
}

export function objectDigests(release: Release): ObjectDigests {
  return Object.fromEntries(
    ownedObjects(release).map((object) => [objectKey(object), digestOf(object)]),
  );
}

export function releaseLabels(name: string): Readonly<Record<string, string>> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/managed-by": "aml-inference",
    [RELEASE_LABEL]: name,
  };
}

/** Labels that select the pods of a release. They depend only on its name, since a selector is immutable. */
export function podSelector(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name };
}

/** The Deployment in a live record; undefined when the record is missing or not in our format. */
export function recordedDeployment(record: ReleaseRecord | undefined): Deployment | undefined {
  if (record === undefined) return undefined;
  try {
    const deployment = JSON.parse(record.data.deployment) as Deployment;
    return deployment.kind === "Deployment" ? deployment : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the bundles that no template in `used` refers to; any ReplicaSet may still create pods. */
export function unusedBundles(
  live: readonly KubeObject[],
  used: readonly { readonly spec: { readonly template?: unknown } }[],
): readonly string[] {
  const templates = used.map(({ spec }) => JSON.stringify(spec.template));
  return live
    .filter((configMap) => configMap["immutable"] === true)
    .map(({ metadata }) => metadata.name)
    .filter((name) => !templates.some((template) => template.includes(`"${name}"`)));
}

/** The objects to compare with a live cluster: those whose content is known, and those that only have to exist. */
export interface DeployedObjects {
  readonly known: readonly KubeObject[];
  readonly present: readonly KubeObject[];
}

/**
 * The objects that were deployed, by the state's digests. When another version of the library deployed them, their
 * content is unknown, except for the Deployment's, which the record holds.
 */
export function deployedObjects(
  release: Release,
  digests: ObjectDigests,
  recorded: Deployment | undefined,
): DeployedObjects {
  const now = objectDigests(release);
  const candidates = new Map(ownedObjects(release).map((object) => [objectKey(object), object]));
  const known: KubeObject[] = [];
  const present: KubeObject[] = [];
  for (const [key, digest] of Object.entries(digests)) {
    const candidate = candidates.get(key);
    if (candidate !== undefined && now[key] === digest) known.push(candidate);
    else if (recorded !== undefined && objectKey(recorded) === key) known.push(recorded);
    else present.push(candidate ?? namedConfigMap(key, release.namespace));
  }
  return { known, present };
}

/** A former bundle, of which the state holds only the key. */
function namedConfigMap(key: string, namespace: string): KubeObject {
  const name = key.slice(key.indexOf("/") + 1);
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
}
