// Tells whether two kubeconfigs speak of the same cluster.
import { type ClusterIdentity, sameCluster } from "../core/cluster-identity";
import { type KubeObject } from "../core/kube-object";
import { type KubeClient } from "./kube-client";
import { isReason } from "./kube-error";

/** What a state remembers of its cluster. */
export interface KnownCluster extends ClusterIdentity {
  /** UID of the namespace kube-system, which no two clusters share; empty where it may not be read. */
  readonly uid: string;
}

/** @throws KubeError when the cluster can't be asked */
export async function identifyCluster(client: KubeClient): Promise<KnownCluster> {
  return { ...client.identity, uid: await clusterUid(client) };
}

/** Same server and authority, or the same cluster under a new address or authority. */
export async function isKnownCluster(client: KubeClient, known: KnownCluster): Promise<boolean> {
  if (sameCluster(client.identity, known)) return true;
  return known.uid !== "" && (await clusterUid(client)) === known.uid;
}

async function clusterUid(client: KubeClient): Promise<string> {
  try {
    const locator = { apiVersion: "v1", kind: "Namespace" };
    const namespace = await client.read<KubeObject>(locator, "kube-system");
    return namespace?.metadata.uid ?? "";
  } catch (error) {
    if (isReason(error, "Forbidden")) return "";
    throw error;
  }
}
