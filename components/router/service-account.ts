// A ServiceAccount with its rights: in the whole cluster, in its own namespace, and in those of the endpoints.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { endpointsRole } from "../../contracts/pods/endpoint-rights";
import type { PolicyRule } from "../../contracts/pods/policy-rule";
import { mutableCopy } from "../engine/mutable-copy";
import { type ObjectLocator } from "./router-names";

/** What contracts/pods declares of a pod's rights. */
export interface AccountRights {
  /** For the whole cluster. */
  readonly CLUSTER_RULES: readonly PolicyRule[];
  /** For the namespaces of endpoints, where EndpointNamespaces and EndpointRoute bind them. */
  readonly ENDPOINT_RULES: readonly PolicyRule[];
  /** For the account's own namespace. */
  readonly NAMESPACE_RULES: readonly PolicyRule[];
}

/** A ServiceAccount of the router's component. */
export interface Account {
  readonly pulumiName: string;
  /** Name of the ServiceAccount, and of its roles. */
  readonly account: string;
  readonly at: ObjectLocator;
  readonly rights: AccountRights;
}

/**
 * A ServiceAccount with its roles; EndpointNamespaces binds the one for endpoints. Names of earlier releases aren't used
 * again: their objects, with rights in the whole cluster, go when an update has succeeded, so that a router of that release
 * can be rolled back to.
 * @returns every object: pods may start only when all exist.
 */
export function createServiceAccount(
  { pulumiName, account, at: { namespace, labels }, rights }: Account,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  // Cluster roles share one space of names: routers in several namespaces must not share a role.
  const clusterName = pulumi.interpolate`${account}-cluster.${namespace}`;
  const endpointsName = pulumi.output(namespace).apply((known) => endpointsRole(account, known));
  const own = { name: account, namespace, labels };
  const everywhere = { name: clusterName, labels };
  const inEndpoints = { name: endpointsName, labels };
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  const apiGroup = "rbac.authorization.k8s.io";
  const clusterRole = { apiGroup, kind: "ClusterRole", name: clusterName };
  const role = { apiGroup, kind: "Role", name: account };
  const { rbac, core } = k8s;
  return [
    new core.v1.ServiceAccount(pulumiName, { metadata: own }, opts),
    new rbac.v1.ClusterRole(
      `${pulumiName}-cluster`,
      { metadata: everywhere, rules: mutableCopy(rights.CLUSTER_RULES) },
      opts,
    ),
    new rbac.v1.ClusterRoleBinding(
      `${pulumiName}-cluster`,
      { metadata: everywhere, roleRef: clusterRole, subjects },
      opts,
    ),
    new rbac.v1.ClusterRole(
      `${pulumiName}-endpoints`,
      { metadata: inEndpoints, rules: mutableCopy(rights.ENDPOINT_RULES) },
      opts,
    ),
    new rbac.v1.Role(
      pulumiName,
      { metadata: own, rules: mutableCopy(rights.NAMESPACE_RULES) },
      opts,
    ),
    new rbac.v1.RoleBinding(pulumiName, { metadata: own, roleRef: role, subjects }, opts),
  ];
}
