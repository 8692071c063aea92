// A release: the set of Kubernetes objects that one dynamic resource declares, and what a state remembers of it.
import { digestOf } from "../../../values/digest";
import { type KubeObject, objectKey } from "../../../kubernetes/core/kube-object";
import { type Deployment } from "../../../kubernetes/core/workload";

/** Label on every object of a release; its value is the release's name. */
export const RELEASE_LABEL = "aml-inference.io/release";

export interface Release {
  readonly name: string;
  readonly namespace: string;
  /** Immutable ConfigMap with the code, named by its content. */
  readonly bundle: BundleConfigMap;
  readonly deployment: Deployment;
}

export interface BundleConfigMap extends KubeObject {
  readonly immutable: true;
  readonly data: Readonly<Record<string, string>>;
}

/** The ConfigMap that remembers the last release whose roll-out was verified: what a failed one goes back to. */
export interface ReleaseRecord extends KubeObject {
  readonly data: { readonly deployment: string };
}

/** Digest of each object, by `<Kind>/<name>`: what the state remembers. */
export type ObjectDigests = Readonly<Record<string, string>>;

export function releaseRecord({ name, namespace, deployment }: Release): ReleaseRecord {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: recordName(name), namespace, labels: releaseLabels(name) },
    data: { deployment: JSON.stringify(deployment) },
  };
}

export function recordName(release: string): string {
  return `${release}-release`;
}

/** Everything that the release owns, in the order in which it is applied. */
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

/** Labels that select the pods of a release; they depend on its name alone. */
export function podSelector(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name };
}

/** The Deployment of a live record, or undefined when the record is not (or no longer) ours to read. */
export function recordedDeployment(record: ReleaseRecord | undefined): Deployment | undefined {
  if (record === undefined) return undefined;
  try {
    const deployment = JSON.parse(record.data.deployment) as Deployment;
    return deployment.kind === "Deployment" ? deployment : undefined;
  } catch {
    return undefined;
  }
}

/** Bundles that neither the release nor any ReplicaSet (a pod could still come from it) uses. */
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

/** What a live cluster is compared with: objects whose content is known, and those that only have to be there. */
export interface DeployedObjects {
  readonly known: readonly KubeObject[];
  readonly present: readonly KubeObject[];
}

/**
 * The objects that were deployed, by the state's digests. Another version of the library would deploy others: then the
 * record tells the Deployment, and of the rest only the names are known.
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

/** All that the state has of a former bundle is its key. */
function namedConfigMap(key: string, namespace: string): KubeObject {
  const name = key.slice(key.indexOf("/") + 1);
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
}
