// The RoleBindings that let router and autoscaler into a namespace of endpoints.
import {
  ALLOWED_LABEL,
  ENDPOINT_ACCOUNTS,
  endpointsRole,
  ROUTER_NAMESPACE_LABEL,
} from "../../../contracts/pods/endpoint-rights";
import { type KubeObject } from "../../../kubernetes/core/kube-object";

const API_GROUP = "rbac.authorization.k8s.io";

export const ROLE_BINDING = { apiVersion: `${API_GROUP}/v1`, kind: "RoleBinding" } as const;

/**
 * One for each of the two ServiceAccounts of the router in `routerNamespace`.
 * @param isAllowed whether the namespace is in the router's list
 */
export function namespaceRights(
  namespace: string,
  routerNamespace: string,
  isAllowed = false,
): readonly KubeObject[] {
  const labels = {
    [ROUTER_NAMESPACE_LABEL]: routerNamespace,
    ...(isAllowed ? { [ALLOWED_LABEL]: "true" } : {}),
  };
  return ENDPOINT_ACCOUNTS.map((account) => {
    const name = endpointsRole(account, routerNamespace);
    return {
      ...ROLE_BINDING,
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: account, namespace: routerNamespace }],
    };
  });
}
