// URL paths of the Kubernetes API.
import { KIND, PLURAL } from "../../contracts/model-endpoint/model-endpoint";
import { type ObjectLocator } from "./kube-object";

/** Plural names of the kinds that we use. */
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  CustomResourceDefinition: "customresourcedefinitions",
  DaemonSet: "daemonsets",
  Deployment: "deployments",
  EndpointSlice: "endpointslices",
  Event: "events",
  Lease: "leases",
  [KIND]: PLURAL,
  Namespace: "namespaces",
  NetworkPolicy: "networkpolicies",
  Node: "nodes",
  Pod: "pods",
  ReplicaSet: "replicasets",
  Role: "roles",
  RoleBinding: "rolebindings",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
  SubjectAccessReview: "subjectaccessreviews",
  TokenReview: "tokenreviews",
};

/** `/api/v1`, `/apis/apps/v1`. */
export function apiPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** `/apis/apps/v1/namespaces/ns/deployments`; without a namespace: of all namespaces, or of a cluster-scoped kind. */
export function resourcePath(apiVersion: string, plural: string, namespace?: string): string {
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${apiPath(apiVersion)}${scope}/${plural}`;
}

/** The path of all objects of a kind that we use. */
export function collectionPath({ apiVersion, kind, namespace }: ObjectLocator): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`the plural of kind ${kind} is not known`);
  return resourcePath(apiVersion, plural, namespace);
}

/** The path of an object, or of a subresource such as `scale`. */
export function objectPath(locator: ObjectLocator, name: string, subresource?: string): string {
  const path = `${collectionPath(locator)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}
