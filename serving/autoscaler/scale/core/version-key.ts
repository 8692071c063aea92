// Map keys of versions.

/** `<namespace>/<endpoint>/<version>`. */
export function versionKey(namespace: string, endpoint: string, version: string): string {
  return `${namespace}/${endpoint}/${version}`;
}
