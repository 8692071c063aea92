// Which router an endpoint belongs to, where a cluster has several.

import { GROUP } from "./model-endpoint";

/** Label on a ModelEndpoint: the namespace of the one router, and its autoscaler, that look after it. */
export const ROUTER_LABEL = `${GROUP}/router`;

/** True for endpoints of the router in `routerNamespace`, and for those that name no router. */
export function belongsToRouter(
  { metadata }: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } },
  routerNamespace: string,
): boolean {
  return (metadata.labels?.[ROUTER_LABEL] ?? routerNamespace) === routerNamespace;
}
