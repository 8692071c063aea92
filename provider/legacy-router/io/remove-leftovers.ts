// Takes v1's router out of a cluster, and names each object that went.
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { leftoverName, removalSteps } from "../core/leftovers";
import { removeObjects } from "../../../kubernetes/io/apply-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/** For one object: Azure gives a load balancer back, pods end in their own time. */
const TIMEOUT_MS = 300_000;

/**
 * Returns when all are gone; what was gone already is no error, so a removal that was cut off goes on.
 * @throws KubeError or Error with one sentence
 */
export async function removeLeftovers(
  client: KubeClient,
  leftovers: readonly KubeObject[],
  print: (line: string) => void = console.log,
): Promise<void> {
  for (const step of removalSteps(leftovers)) {
    await Promise.all(
      step.map(async (object) => {
        await removeObjects(client, [object], TIMEOUT_MS);
        print(`removed ${leftoverName(object)}, a leftover of v1's router`);
      }),
    );
  }
}
