// The fields that a field manager applied to an object (server-side apply), with their live values.
import { type Json, type KubeObject, type ManagedFields } from "./kube-object";

/** The field manager that applied the field at this path; undefined when nobody applied it server-side. */
export function applierOf(object: KubeObject, path: readonly string[]): ManagedFields | undefined {
  return object.metadata.managedFields?.find(
    ({ operation, subresource, fieldsV1 }) =>
      operation === "Apply" &&
      subresource === undefined &&
      path.reduce<Json | undefined>((fields, name) => child(fields, `f:${name}`), fieldsV1) !==
        undefined,
  );
}

/**
 * The live values of the fields in `owned` (`fieldsV1`): applied again by the same manager, they change nothing. A list
 * of which the manager owns items is returned as a whole.
 */
export function appliedFields(live: Json, owned: Json): Json {
  if (!isMap(live) || !isMap(owned) || Object.keys(owned).length === 0) return live;
  const names = Object.keys(owned).filter((key) => key.startsWith("f:"));
  const fields = names.flatMap((key): (readonly [string, Json])[] => {
    const value = live[key.slice(2)];
    return value === undefined
      ? []
      : [[key.slice(2), appliedFields(value, child(owned, key) ?? {})]];
  });
  return Object.fromEntries(fields);
}

function child(value: Json | undefined, key: string): Json | undefined {
  return isMap(value) ? value[key] : undefined;
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
