// What Azure ML v1's router leaves in a cluster, which of it is still v1's, and how sentences name it.
import { LEGACY_NAMESPACE, LEGACY_SECRET } from "../../../contracts/legacy-router";
import { type KubeObject } from "../../../kubernetes/core/kube-object";

/** Where one object of v1's router stands; a cluster-wide one has no namespace. */
export interface LegacyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const RBAC = "rbac.authorization.k8s.io/v1";

/** All of v1's router, as its documentation tells users to delete it by hand (azureml-semantics 1.6). */
export const LEGACY_OBJECTS: readonly LegacyObject[] = [
  { apiVersion: "apps/v1", kind: "Deployment", namespace: LEGACY_NAMESPACE, name: "azureml-fe" },
  { apiVersion: "v1", kind: "Service", namespace: LEGACY_NAMESPACE, name: "azureml-fe" },
  { apiVersion: "v1", kind: "Service", namespace: LEGACY_NAMESPACE, name: "azureml-fe-int-http" },
  { apiVersion: "v1", kind: "ServiceAccount", namespace: LEGACY_NAMESPACE, name: "azureml-fe" },
  { apiVersion: "v1", kind: "ConfigMap", namespace: LEGACY_NAMESPACE, name: "azuremlfeconfig" },
  { apiVersion: "v1", kind: "Secret", namespace: LEGACY_NAMESPACE, name: LEGACY_SECRET },
  { apiVersion: RBAC, kind: "ClusterRoleBinding", name: "azureml-fe-binding" },
  { apiVersion: RBAC, kind: "ClusterRole", name: "azureml-fe-role" },
];

/** Labels and annotations with which Helm, and so the v2 extension, marks what it owns. */
const HELM_LABEL = "app.kubernetes.io/managed-by";
const HELM_RELEASE = "meta.helm.sh/release-name";
/** Hands v1's Deployment to the v2 extension (Azure/AML-Kubernetes, attach-compute-on-aks-v1-cluster.md). */
const HANDED_OVER = "azureml-fe-enable-upgrade";

/**
 * Those of the live objects that nobody but v1 owns. The v2 extension can take v1's router over where it stands; its
 * parts belong together, so one of them in the extension's hands keeps them all.
 */
export function leftoversOf(live: readonly KubeObject[]): readonly KubeObject[] {
  const inNamespace = live.filter(({ metadata }) => metadata.namespace === LEGACY_NAMESPACE);
  if (inNamespace.some((object) => isHelms(object) || isHandedOver(object))) return [];
  return live.filter((object) => !isHelms(object));
}

function isHelms({ metadata }: KubeObject): boolean {
  return (
    metadata.labels?.[HELM_LABEL] === "Helm" || metadata.annotations?.[HELM_RELEASE] !== undefined
  );
}

function isHandedOver({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[HANDED_OVER]?.toLowerCase() === "true";
}

/** `Deployment default/azureml-fe`, `ClusterRole azureml-fe-role`. */
export function leftoverName({ kind, metadata }: KubeObject): string {
  const { namespace, name } = metadata as { readonly namespace?: string; readonly name: string };
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** What a preview says of leftovers; undefined where there are none. */
export function leftoverSentence(names: readonly string[], remove: boolean): string | undefined {
  if (names.length === 0) return undefined;
  const what = `Leftovers of v1's router in this cluster: ${names.join(", ")}.`;
  return remove
    ? `${what} They are removed once this router is ready.`
    : `${what} They stay; removeLegacyRouter: true removes them once this router is ready.`;
}

/** The pods before what they need: a Deployment first, then everything else at once. */
export function removalSteps(leftovers: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const isWorkload = ({ kind }: KubeObject): boolean => kind === "Deployment";
  return [leftovers.filter(isWorkload), leftovers.filter((each) => !isWorkload(each))];
}
