// Decides which of an endpoint's two keys are kept and which are replaced.
import { type ArgumentError } from "../../../values/argument-error";

const KEY_NAMES = ["primaryKey", "secondaryKey"] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** Characters that a generated key consists of, and how many: 32 like v1's, 190 bits. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const KEY_LENGTH = 32;
/** Bytes from this value on are discarded: they would make some characters more likely. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** The desired version of each key, and the user's own key if given. */
export interface KeyInputs {
  /** Namespace of the endpoint. `check` adds it. */
  readonly namespace?: string;
  readonly primaryKeyVersion: number;
  readonly secondaryKeyVersion: number;
  readonly primaryKey?: string;
  readonly secondaryKey?: string;
}

/** The keys, and the versions that they were generated for. */
export interface KeyOutputs {
  /** Namespace of the endpoint. States of earlier code have none: FORMER_ENDPOINT_NAMESPACE, unless the program names one. */
  readonly namespace?: string;
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly primaryKeyVersion: number;
  readonly secondaryKeyVersion: number;
  /** Names of the keys that the user gave. */
  readonly given: readonly KeyName[];
}

/** Names of the keys to replace. A user's own key that is no longer given is replaced by a generated one. */
export function staleKeys(olds: KeyOutputs | undefined, news: KeyInputs): KeyName[] {
  return KEY_NAMES.filter((name) => {
    if (olds === undefined) return true;
    const given = news[name];
    if (given !== undefined) return given !== olds[name];
    return olds.given.includes(name) || news[`${name}Version`] > olds[`${name}Version`];
  });
}

/** The next keys; calls `generate` once for each key to generate. */
export function nextKeys(
  olds: KeyOutputs | undefined,
  news: KeyInputs,
  generate: () => string,
): KeyOutputs {
  const stale = staleKeys(olds, news);
  const key = (name: KeyName): string =>
    news[name] ?? (olds === undefined || stale.includes(name) ? generate() : olds[name]);
  return {
    primaryKey: key("primaryKey"),
    secondaryKey: key("secondaryKey"),
    primaryKeyVersion: news.primaryKeyVersion,
    secondaryKeyVersion: news.secondaryKeyVersion,
    given: KEY_NAMES.filter((name) => news[name] !== undefined),
    ...(news.namespace === undefined ? {} : { namespace: news.namespace }),
  };
}

/** Whether the state changes: a key, its version, or whether the user gave it. */
export function keysChange(olds: KeyOutputs, news: KeyInputs): boolean {
  return KEY_NAMES.some(
    (name) =>
      staleKeys(olds, news).includes(name) ||
      news[`${name}Version`] !== olds[`${name}Version`] ||
      (news[name] !== undefined) !== olds.given.includes(name),
  );
}

/** One error per decreased version: a replaced key can't be restored. */
export function decreasedKeyVersions(olds: Partial<KeyInputs>, news: KeyInputs): ArgumentError[] {
  return KEY_NAMES.flatMap((name) => {
    const [was, is] = [olds[`${name}Version`], news[`${name}Version`]];
    if (typeof was !== "number" || typeof is !== "number" || is >= was) return [];
    return [{ path: `keyVersions.${name}`, reason: `can't decrease: it was ${was} and is ${is}` }];
  });
}

/** A key of 32 letters and digits from random bytes; undefined when too many bytes were discarded. */
export function keyFromBytes(bytes: Uint8Array): string | undefined {
  const characters = [...bytes].flatMap((byte) =>
    byte < FAIR_BYTES ? [ALPHABET.charAt(byte % ALPHABET.length)] : [],
  );
  return characters.length < KEY_LENGTH ? undefined : characters.slice(0, KEY_LENGTH).join("");
}
