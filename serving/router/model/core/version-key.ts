// A version's key: unique in the cluster, part of the names of HAProxy's backends.

/** `<namespace>.<endpoint>.<version>`; none of the three may have a dot (endpoint-problem.ts). */
export function versionKey(namespace: string, endpoint: string, version: string): string {
  return `${namespace}.${endpoint}.${version}`;
}

/** `<namespace>/<endpoint>`: the id of the endpoint that the version belongs to. */
export function endpointIdOf(key: string): string {
  return key.split(".").slice(0, 2).join("/");
}
