// Selects a router's endpoints in a cluster with several routers.

import type { ModelEndpointSpec } from "./model-endpoint";

/** True when the endpoint names the router in this namespace or none, and always when `routerNamespace` is undefined. */
export function belongsToRouter(
  { spec }: { readonly spec: Pick<ModelEndpointSpec, "routerNamespace"> },
  routerNamespace: string | undefined,
): boolean {
  return (
    routerNamespace === undefined || (spec.routerNamespace ?? routerNamespace) === routerNamespace
  );
}
