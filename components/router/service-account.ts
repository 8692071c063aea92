// A ServiceAccount with its rights, in the whole cluster and in its own namespace.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyRule } from "../../contracts/pods/policy-rule";
import { mutableCopy } from "../engine/mutable-copy";
import { type ObjectLocator } from "./router-names";

/** What contracts/pods declares of a pod's rights. */
export interface AccountRights {
  /** Endpoints may be in any namespace. */
  readonly CLUSTER_RULES: readonly PolicyRule[];
  readonly NAMESPACE_RULES: readonly PolicyRule[];
}

/** @returns every object: pods may start only when all exist. */
export function createServiceAccount(
  pulumiName: string,
  account: string,
  { namespace, labels }: ObjectLocator,
  rights: AccountRights,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  // Cluster roles share one space of names: routers in several namespaces must not share a role.
  const clusterName = pulumi.interpolate`${account}.${namespace}`;
  const own = { name: account, namespace, labels };
  const everywhere = { name: clusterName, labels };
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  const apiGroup = "rbac.authorization.k8s.io";
  const { rbac, core } = k8s;
  const objects: pulumi.Resource[] = [
    new core.v1.ServiceAccount(pulumiName, { metadata: own }, opts),
  ];
  if (rights.CLUSTER_RULES.length > 0) {
    const roleRef = { apiGroup, kind: "ClusterRole", name: clusterName };
    const rules = mutableCopy(rights.CLUSTER_RULES);
    objects.push(
      new rbac.v1.ClusterRole(pulumiName, { metadata: everywhere, rules }, opts),
      new rbac.v1.ClusterRoleBinding(pulumiName, { metadata: everywhere, roleRef, subjects }, opts),
    );
  }
  if (rights.NAMESPACE_RULES.length > 0) {
    const roleRef = { apiGroup, kind: "Role", name: account };
    const rules = mutableCopy(rights.NAMESPACE_RULES);
    objects.push(
      new rbac.v1.Role(pulumiName, { metadata: own, rules }, opts),
      new rbac.v1.RoleBinding(pulumiName, { metadata: own, roleRef, subjects }, opts),
    );
  }
  return objects;
}
