// The two keys of an endpoint: which stay and which are replaced.
import { type ArgumentError } from "../../../values/argument-error";

const KEY_NAMES = ["primaryKey", "secondaryKey"] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** Characters that a generated key consists of, and how many: 32 like v1's, 190 bits. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const KEY_LENGTH = 32;
/** Bytes from here on would make some characters likelier than others. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** What is wanted of each key: its number, and the key itself where the user has one. */
export interface KeyInputs {
  readonly primaryKeyVersion: number;
  readonly secondaryKeyVersion: number;
  readonly primaryKey?: string;
  readonly secondaryKey?: string;
}

/** What was made: the keys, and the numbers that they were made for. */
export interface KeyOutputs {
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly primaryKeyVersion: number;
  readonly secondaryKeyVersion: number;
  /** Names of the keys that the user gave. */
  readonly given: readonly KeyName[];
}

/** The keys that must be made anew, none when all stay. A given key that was taken away is made anew, too. */
export function staleKeys(olds: KeyOutputs | undefined, news: KeyInputs): KeyName[] {
  return KEY_NAMES.filter((name) => {
    if (olds === undefined) return true;
    const given = news[name];
    if (given !== undefined) return given !== olds[name];
    return olds.given.includes(name) || news[`${name}Version`] > olds[`${name}Version`];
  });
}

/** The keys as they are to be: `generate` is asked once for each that must be made anew. */
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
  };
}

/** True when the state must be written again: a key changes, or the number or origin that belongs to it. */
export function keysChange(olds: KeyOutputs, news: KeyInputs): boolean {
  return KEY_NAMES.some(
    (name) =>
      staleKeys(olds, news).includes(name) ||
      news[`${name}Version`] !== olds[`${name}Version`] ||
      (news[name] !== undefined) !== olds.given.includes(name),
  );
}

/** Errors of numbers that fell: a key once replaced does not come back. */
export function decreasedKeyVersions(olds: Partial<KeyInputs>, news: KeyInputs): ArgumentError[] {
  return KEY_NAMES.flatMap((name) => {
    const [was, is] = [olds[`${name}Version`], news[`${name}Version`]];
    if (typeof was !== "number" || typeof is !== "number" || is >= was) return [];
    return [{ path: `keyVersions.${name}`, reason: `can't fall: it was ${was} and is ${is}` }];
  });
}

/** A key of 32 letters and digits out of random bytes; undefined when there were too few fair ones. */
export function keyFromBytes(bytes: Uint8Array): string | undefined {
  const characters = [...bytes].flatMap((byte) =>
    byte < FAIR_BYTES ? [ALPHABET.charAt(byte % ALPHABET.length)] : [],
  );
  return characters.length < KEY_LENGTH ? undefined : characters.slice(0, KEY_LENGTH).join("");
}
