// Which router an endpoint belongs to, where a cluster has several.

import type { ModelEndpointSpec } from "./model-endpoint";

/** True for endpoints of the router in this namespace, and for those that name no router; without a namespace for all. */
export function belongsToRouter(
  { spec }: { readonly spec: Pick<ModelEndpointSpec, "routerNamespace"> },
  routerNamespace: string | undefined,
): boolean {
  return (
    routerNamespace === undefined || (spec.routerNamespace ?? routerNamespace) === routerNamespace
  );
}
