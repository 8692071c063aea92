// Rendezvous hashing: the order in which routers stand for a version.

import { createHash } from "node:crypto";
import type { AssignedRouter, Assignment } from "./assignment";

/** 64 bits of a text's SHA-256, in two halves: simpler hashes of such similar texts give uneven shares. */
export type HashKey = readonly [number, number];

export function hashKey(text: string): HashKey {
  const digest = createHash("sha256").update(text).digest();
  return [digest.readInt32BE(0), digest.readInt32BE(4)];
}

/** Weight of a seed for a version: the two keys mixed, so that a version is digested once for all seeds. */
export function rendezvousWeight(version: HashKey, seed: HashKey): number {
  return mix(mix(version[0] ^ seed[0]) ^ version[1] ^ Math.imul(seed[1], 0x9e3779b1)) >>> 0;
}

/** Lets each bit change half of the others (MurmurHash3's last step). */
function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * The routers that may own the version: owner, standby, and who comes after. Without a router, the others keep their
 * order, so that it moves only what was its own.
 * @param version key of the version, `<namespace>.<endpoint>.<version>`
 */
export function rankRouters(version: string, { routers }: Assignment): readonly AssignedRouter[] {
  const key = hashKey(version);
  return routers
    .filter(({ isLeaving }) => !isLeaving)
    .map((router) => ({ router, weight: rendezvousWeight(key, hashKey(router.seed)) }))
    .sort((a, b) => b.weight - a.weight || (a.router.id < b.router.id ? -1 : 1))
    .map(({ router }) => router);
}
