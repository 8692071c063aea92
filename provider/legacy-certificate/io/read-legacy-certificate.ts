// Reads v1's certificate from a cluster.
import { type FoundPair, findPair, type Secret } from "../core/legacy-pair";
import { LEGACY_NAMESPACE, LEGACY_SECRET } from "../../../contracts/legacy-router";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/**
 * v1's certificate, or the copy in the router's own Secret.
 * @throws KubeError when a request to the API server fails
 */
export async function readLegacyCertificate(
  client: KubeClient,
  own: { readonly namespace: string; readonly secretName: string },
): Promise<FoundPair> {
  const secrets = { apiVersion: "v1", kind: "Secret" };
  const [legacy, kept] = await Promise.all([
    client.read<Secret>({ ...secrets, namespace: LEGACY_NAMESPACE }, LEGACY_SECRET),
    client.read<Secret>({ ...secrets, namespace: own.namespace }, own.secretName),
  ]);
  return findPair(legacy, kept);
}
