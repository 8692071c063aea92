// A ServiceAccount with its rights: some everywhere, some in its own namespace.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** rbac.authorization.k8s.io/v1 PolicyRule, as serving/ declares what it needs. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface AccountRights {
  /** Endpoints may be in any namespace. */
  readonly clusterRules: readonly PolicyRule[];
  readonly namespaceRules: readonly PolicyRule[];
}

type Rules = k8s.types.input.rbac.v1.PolicyRule[];

/** @returns every object, for what may start only when all are there. */
export function createServiceAccount(
  pulumiName: string,
  account: string,
  namespace: pulumi.Input<string>,
  labels: Record<string, pulumi.Input<string>>,
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
    new core.v1.ServiceAccount(
      pulumiName,
      { metadata: own, automountServiceAccountToken: false },
      opts,
    ),
  ];
  if (rights.clusterRules.length > 0) {
    const roleRef = { apiGroup, kind: "ClusterRole", name: clusterName };
    const rules = writable(rights.clusterRules);
    objects.push(
      new rbac.v1.ClusterRole(pulumiName, { metadata: everywhere, rules }, opts),
      new rbac.v1.ClusterRoleBinding(pulumiName, { metadata: everywhere, roleRef, subjects }, opts),
    );
  }
  if (rights.namespaceRules.length > 0) {
    const roleRef = { apiGroup, kind: "Role", name: account };
    const rules = writable(rights.namespaceRules);
    objects.push(
      new rbac.v1.Role(pulumiName, { metadata: own, rules }, opts),
      new rbac.v1.RoleBinding(pulumiName, { metadata: own, roleRef, subjects }, opts),
    );
  }
  return objects;
}

function writable(rules: readonly PolicyRule[]): Rules {
  return rules.map(({ apiGroups, resources, verbs, resourceNames }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  }));
}
