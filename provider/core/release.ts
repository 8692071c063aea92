// A release: the set of Kubernetes objects that one dynamic resource declares, and what a state remembers of it.
import { digestOf } from "./digest";
import { type KubeObject, objectKey } from "./kube-object";
import { type Deployment } from "./workload";

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
  readonly binaryData: Readonly<Record<string, string>>;
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
    ownedObjects(release).map((object) => {
      // The name already stands for the code; how it is compressed may differ between versions of Node.
      const { binaryData: _code, ...rest } = object;
      return [objectKey(object), digestOf(rest)];
    }),
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
