// Map keys of endpoints and versions.

import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";

/** `<namespace>/<name>`, as in samples and watches. */
export function endpointKey({ metadata }: ModelEndpoint): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** `<namespace>/<endpoint>/<version>`. */
export function versionKey(namespace: string, endpoint: string, version: string): string {
  return `${namespace}/${endpoint}/${version}`;
}
