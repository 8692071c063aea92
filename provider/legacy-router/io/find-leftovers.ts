// Finds the leftovers of v1's router in a cluster.
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { LEGACY_OBJECTS, leftoversOf } from "../core/leftovers";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/** @throws KubeError when a request to the API server fails */
export async function findLeftovers(client: KubeClient): Promise<readonly KubeObject[]> {
  const live = await Promise.all(
    LEGACY_OBJECTS.map(({ name, ...locator }) => client.read<KubeObject>(locator, name)),
  );
  return leftoversOf(live.filter((object) => object !== undefined));
}
