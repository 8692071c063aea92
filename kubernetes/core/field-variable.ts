// Environment variables from the downward API.

/** An environment variable with the value of a pod's field, such as `metadata.name`. */
export function fieldVariable(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
