/** A resource's state: the live object, with what was asked for and by which field manager beside it. */
import {
  containsSecret,
  isRecord,
  isSecret,
  makeSecret,
  type PropertyMap,
  stripSecretsOf,
} from "../../property-value";
import { apiVersionOf, type KubeObject } from "./kube-object";

// The vendor's plugin names the members so; with the same names either plugin reads the other's state.
const inputsKey = "__inputs";
const initialApiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

/** What a state holds, without secret marks. */
export interface Checkpoint {
  readonly inputs: KubeObject;
  readonly live: KubeObject;
  readonly initialApiVersion: string;
  readonly fieldManager: string | undefined;
}

/**
 * The state of a resource.
 *
 * @param marked the bag whose secret marks the state takes over
 */
export function buildCheckpoint(checkpoint: Checkpoint, marked: PropertyMap): PropertyMap {
  const live = markSecrets(renameKeys(checkpoint.live, toUnderscores), marked);
  return {
    ...live,
    [inputsKey]: markSecrets(renameKeys(checkpoint.inputs, toUnderscores), marked),
    [initialApiVersionKey]: checkpoint.initialApiVersion,
    [fieldManagerKey]: checkpoint.fieldManager,
  };
}

/** The inverse of `buildCheckpoint()`. */
export function parseCheckpoint(state: PropertyMap): Checkpoint {
  const {
    [inputsKey]: inputs,
    [initialApiVersionKey]: initialApiVersion,
    [fieldManagerKey]: fieldManager,
    ...live
  } = toKubeObject(state);
  const oldInputs = isRecord(inputs) ? inputs : {};
  return {
    inputs: oldInputs,
    live,
    initialApiVersion:
      typeof initialApiVersion === "string" ? initialApiVersion : apiVersionOf(oldInputs),
    fieldManager: typeof fieldManager === "string" ? fieldManager : undefined,
  };
}

/** The object that a bag describes: no secret marks, Kubernetes' spelling of its schema extensions. */
export function toKubeObject(properties: PropertyMap): KubeObject {
  return renameKeys(stripSecretsOf(properties), toDashes);
}

/**
 * The object with secret marks where `marked` has them; data of a Secret is always secret.
 * A list that holds a secret is secret as a whole, since its items have no names to go by.
 */
export function markSecrets(object: KubeObject, marked: PropertyMap): PropertyMap {
  const result: PropertyMap = { ...object };
  if (object["kind"] === "Secret") {
    for (const key of ["data", "stringData"]) {
      if (result[key] !== undefined) result[key] = makeSecret(result[key]);
    }
    return result;
  }
  for (const [key, mark] of Object.entries(marked)) {
    const value = result[key];
    if (value === undefined) continue;
    if (isSecret(mark)) result[key] = makeSecret(value);
    else if (isRecord(value) && isRecord(mark)) result[key] = markSecrets(value, mark);
    else if (containsSecret(mark)) result[key] = makeSecret(value);
  }
  return result;
}

// A custom resource's schema has members such as `x-kubernetes-validations`; the SDK, whose members
// are identifiers, spells them with underscores.
const extension = /^x[-_]kubernetes[-_]/;
const toDashes = (key: string) => key.replaceAll("_", "-");
const toUnderscores = (key: string) => key.replaceAll("-", "_");

function renameKeys(object: KubeObject, rename: (key: string) => string): KubeObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      extension.test(key) ? rename(key) : key,
      renameValue(value, rename),
    ]),
  );
}

function renameValue(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameValue(item, rename));
  return isRecord(value) ? renameKeys(value, rename) : value;
}
