// Looks v1's router up in a cluster.
import { type KubeObject } from "../core/kube-object";
import { type FoundPair, findPair, type Secret } from "../core/legacy-certificate";
import {
  LEGACY_NAMESPACE,
  LEGACY_OBJECTS,
  LEGACY_SECRET,
  leftoversOf,
} from "../core/legacy-router";
import { type KubeClient } from "./kube-client";

/** @throws KubeError when the cluster can't be asked */
export async function findLeftovers(client: KubeClient): Promise<readonly KubeObject[]> {
  const live = await Promise.all(
    LEGACY_OBJECTS.map(({ name, ...place }) => client.read<KubeObject>(place, name)),
  );
  return leftoversOf(live.filter((object) => object !== undefined));
}

/**
 * v1's certificate, or the copy in the router's own Secret.
 * @throws KubeError when the cluster can't be asked
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
