// The order of endpoints that want the same: a name, or a place in their namespace's quota.

import type { ModelEndpoint } from "./model-endpoint";

/** `<namespace>/<name>`. */
export function endpointId({ metadata }: Pick<ModelEndpoint, "metadata">): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Compares by creation, to the second; then by id. */
export function elderFirst(
  a: Pick<ModelEndpoint, "metadata">,
  b: Pick<ModelEndpoint, "metadata">,
): number {
  const order = (endpoint: Pick<ModelEndpoint, "metadata">) =>
    `${endpoint.metadata.creationTimestamp ?? ""} ${endpointId(endpoint)}`;
  return order(a) < order(b) ? -1 : 1;
}
