// Identifies a cluster, and recognizes it through another kubeconfig.
import { type ClusterIdentity, sameCluster } from "../core/cluster-identity";
import { type KubeObject } from "../core/kube-object";
import { type KubeClient } from "./kube-client";
import { isReason } from "./kube-error";

/** A cluster's identity as the state records it. */
export interface KnownCluster extends ClusterIdentity {
  /** UID of the namespace kube-system, unique per cluster; empty where reading it is forbidden. */
  readonly uid: string;
}

/** @throws KubeError when a request to the API server fails */
export async function identifyCluster(client: KubeClient): Promise<KnownCluster> {
  return { ...client.identity, uid: await clusterUid(client) };
}

/** Whether the client's cluster is `known`: same server and CA or, when those changed, same UID of kube-system. */
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
