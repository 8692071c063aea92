// Chooses what a joining router is ranked by, so that the routers' shares of the versions are even.

import type { AssignedRouter } from "../../../../contracts/ownership/assignment";
import {
  hashKey,
  rankRouters,
  rendezvousWeight,
} from "../../../../contracts/ownership/rank-routers";

/** More make the shares hardly more even. */
const TRIED_SEEDS = 64;

/**
 * The seed with the smallest largest share. Chance alone leaves one of five routers with 1.3 times the mean of 100
 * versions in every third case. Only versions that the joining router gets move.
 * @param routers those that stay
 */
export function chooseSeed(
  pod: string,
  routers: readonly AssignedRouter[],
  versions: readonly string[],
): string {
  const owners = versions.map((version) => {
    const key = hashKey(version);
    const [owner] = rankRouters(version, { epoch: 0, routers });
    const weight = owner === undefined ? -1 : rendezvousWeight(key, hashKey(owner.seed));
    return { key, owner: owner?.id ?? "", weight };
  });
  let best = { seed: `${pod}.0`, largest: Infinity };
  for (let index = 0; index < TRIED_SEEDS; index += 1) {
    const seed = `${pod}.${index}`;
    const seedKey = hashKey(seed);
    const shares = new Map<string, number>();
    for (const { key, owner, weight } of owners) {
      const id = rendezvousWeight(key, seedKey) > weight ? pod : owner;
      shares.set(id, (shares.get(id) ?? 0) + 1);
    }
    const largest = Math.max(0, ...shares.values());
    if (largest < best.largest) best = { seed, largest };
  }
  return best.seed;
}
