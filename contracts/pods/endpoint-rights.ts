// Rights of router and autoscaler in the namespaces of the endpoints: by RoleBindings there, nothing in the whole cluster.
import { AUTOSCALER_NAME, ROUTER_NAME } from "./pod-defaults";

/** Label of these RoleBindings: the namespace of the router. */
export const ROUTER_NAMESPACE_LABEL = "aml-inference.io/router-namespace";

/** Label of those in a namespace of the router's list: they stay when its last endpoint goes. */
export const ALLOWED_LABEL = "aml-inference.io/allowed";

/** ServiceAccounts that have rights in the endpoints' namespaces. */
export const ENDPOINT_ACCOUNTS = [ROUTER_NAME, AUTOSCALER_NAME] as const;

/** Name of the ClusterRole with an account's ENDPOINT_RULES, and of the RoleBindings to it. */
export function endpointsRole(account: string, routerNamespace: string): string {
  return `${account}-endpoints.${routerNamespace}`;
}
