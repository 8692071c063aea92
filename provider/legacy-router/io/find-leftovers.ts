// Looks v1's router up in a cluster.
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { LEGACY_OBJECTS, leftoversOf } from "../core/leftovers";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/** @throws KubeError when the cluster can't be asked */
export async function findLeftovers(client: KubeClient): Promise<readonly KubeObject[]> {
  const live = await Promise.all(
    LEGACY_OBJECTS.map(({ name, ...locator }) => client.read<KubeObject>(locator, name)),
  );
  return leftoversOf(live.filter((object) => object !== undefined));
}
