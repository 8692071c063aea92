// Removes all objects of a release from the cluster.
import { RELEASE_LABEL } from "../core/release";
import { removeObjects } from "../../../kubernetes/io/apply-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/** @throws KubeError or Error with one sentence; a missing object is no error */
export async function removeRelease(
  client: KubeClient,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  timeoutMs: number,
): Promise<void> {
  const labels = `${RELEASE_LABEL}=${name}`;
  const deployments = await client.list(
    { apiVersion: "apps/v1", kind: "Deployment", namespace },
    { labels },
  );
  // Pods first: they need their code while they drain.
  await removeObjects(client, deployments, timeoutMs);
  const configMaps = await client.list(
    { apiVersion: "v1", kind: "ConfigMap", namespace },
    { labels },
  );
  await removeObjects(client, configMaps, timeoutMs);
}
