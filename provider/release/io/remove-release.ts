// Removes all objects of a release from the cluster.
import { belongsToAnother, markOn } from "../../../contracts/owner-mark";
import { objectKey } from "../../../kubernetes/core/kube-object";
import { RELEASE_LABEL } from "../core/release";
import { removeObjects } from "../../../kubernetes/io/apply-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

export interface RemovedRelease {
  readonly name: string;
  readonly namespace: string;
  /** The mark that the release set on its objects. */
  readonly owner?: string;
}

/**
 * Removes the objects; those that belong to another component by now stay.
 * @throws KubeError or Error with one sentence; a missing object is no error
 */
export async function removeRelease(
  client: KubeClient,
  { name, namespace, owner }: RemovedRelease,
  timeoutMs: number,
): Promise<void> {
  const labels = `${RELEASE_LABEL}=${name}`;
  const deployments = await client.list(
    { apiVersion: "apps/v1", kind: "Deployment", namespace },
    { labels },
  );
  const taken = deployments.find((deployment) => belongsToAnother(deployment, owner));
  if (taken !== undefined) {
    console.log(
      `${objectKey(taken)} in namespace ${namespace} stays: it belongs to ${markOn(taken)?.owner ?? "another"}`,
    );
    return;
  }
  // Pods first: they need their code while they drain.
  await removeObjects(client, deployments, timeoutMs);
  const configMaps = await client.list(
    { apiVersion: "v1", kind: "ConfigMap", namespace },
    { labels },
  );
  const own = configMaps.filter((configMap) => !belongsToAnother(configMap, owner));
  await removeObjects(client, own, timeoutMs);
}
