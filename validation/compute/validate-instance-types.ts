// Input errors of a Kubernetes compute's instance types.
import { isRecord } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { UNKNOWN } from "../../values/unknown";

/** Names of Kubernetes objects, which instance types are in the cluster. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** A quantity of Kubernetes: 500m, 2, 1.5, 4Gi. */
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei)?$/;

/** The problems, a sentence each; unknown values pass. */
export function validateInstanceTypes(types: unknown, defaultType: unknown): string[] {
  if (types === UNKNOWN) return [];
  const sentences = types === undefined ? [] : validateAll(types);
  const isKnown = typeof defaultType === "string" && defaultType !== UNKNOWN;
  if (isKnown && isRecord(types) && !(defaultType in types)) {
    const names = Object.keys(types).join(", ");
    sentences.push(
      `defaultInstanceType must be one of instanceTypes, ${names}: it is "${defaultType}"`,
    );
  }
  return sentences;
}

function validateAll(types: unknown): string[] {
  if (!isRecord(types)) {
    return [`instanceTypes must be names with an object each: it is ${JSON.stringify(types)}`];
  }
  return Object.entries(types).flatMap(([name, type]) => {
    const path = `instanceTypes.${name}`;
    const legal =
      "must have a name of 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end";
    const named = NAME.test(name) ? [] : [`${path} ${legal}`];
    return type === UNKNOWN ? named : [...named, ...validateOne(path, type)];
  });
}

function validateOne(path: string, type: unknown): string[] {
  if (!isRecord(type)) return [`${path} must be an object: it is ${JSON.stringify(type)}`];
  const resources = type["resources"];
  return [
    ...foreign(path, type, ["nodeSelector", "resources"]),
    ...validateTexts(`${path}.nodeSelector`, type["nodeSelector"], /^/, "a text"),
    ...(isRecord(resources)
      ? [
          ...foreign(`${path}.resources`, resources, ["requests", "limits"]),
          ...["requests", "limits"].flatMap((part) =>
            validateTexts(
              `${path}.resources.${part}`,
              resources[part],
              QUANTITY,
              "a quantity of Kubernetes such as 500m or 4Gi",
            ),
          ),
        ]
      : []),
  ];
}

function foreign(path: string, given: JsonObject, known: readonly string[]): string[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${path}.${name} is not an argument; there are ${known.join(" and ")}`);
}

function validateTexts(path: string, values: unknown, form: RegExp, legal: string): string[] {
  if (values === undefined || values === null || values === UNKNOWN) return [];
  if (!isRecord(values)) return [`${path} must be an object: it is ${JSON.stringify(values)}`];
  return Object.entries(values)
    .filter(([, value]) => value !== UNKNOWN)
    .filter(([, value]) => typeof value !== "string" || !form.test(value))
    .map(([name, value]) => `${path}.${name} must be ${legal}: it is ${JSON.stringify(value)}`);
}
