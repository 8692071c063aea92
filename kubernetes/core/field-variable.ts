// A pod's own fields as environment variables of its containers.

/** An environment variable with a field of the pod. */
export function fieldVariable(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
