// The leftovers of Azure ML v1's router: its objects, which of them v1 still owns, and their names in messages.
import { LEGACY_NAMESPACE, LEGACY_SECRET } from "../../../contracts/legacy-router";
import { type KubeObject } from "../../../kubernetes/core/kube-object";

/** One object of v1's router; a cluster-scoped one has no namespace. */
export interface LegacyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const RBAC = "rbac.authorization.k8s.io/v1";

/** All objects of v1's router: those that its documentation lists for manual deletion (azureml-semantics 1.6). */
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

/** Label and annotation that mark an object of Helm, which installs the v2 extension. */
const HELM_LABEL = "app.kubernetes.io/managed-by";
const HELM_RELEASE = "meta.helm.sh/release-name";
/** Annotation that hands v1's Deployment to the v2 extension (Azure/AML-Kubernetes, attach-compute-on-aks-v1-cluster.md). */
const HANDED_OVER = "azureml-fe-enable-upgrade";

/**
 * The live objects that only v1 owns. The v2 extension can adopt v1's router in place, and the router's objects belong
 * together: when the extension owns one of them, none is a leftover.
 */
export function leftoversOf(live: readonly KubeObject[]): readonly KubeObject[] {
  const inNamespace = live.filter(({ metadata }) => metadata.namespace === LEGACY_NAMESPACE);
  if (inNamespace.some((object) => isHelmManaged(object) || isHandedOver(object))) return [];
  return live.filter((object) => !isHelmManaged(object));
}

function isHelmManaged({ metadata }: KubeObject): boolean {
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

/** The preview's message about leftovers; undefined when there are none. */
export function leftoverSentence(names: readonly string[], remove: boolean): string | undefined {
  if (names.length === 0) return undefined;
  const found = `Leftovers of v1's router in this cluster: ${names.join(", ")}.`;
  return remove
    ? `${found} They are removed once this router is ready.`
    : `${found} They stay; removeLegacyRouter: true removes them once this router is ready.`;
}

/** Deployments first, so that pods terminate before the objects they need; then everything else. */
export function removalSteps(leftovers: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const isWorkload = ({ kind }: KubeObject): boolean => kind === "Deployment";
  return [leftovers.filter(isWorkload), leftovers.filter((each) => !isWorkload(each))];
}
