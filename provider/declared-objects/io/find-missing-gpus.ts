// Finds the declared pods with GPUs that no node of the cluster can take.
import { gpuPodsOf, type ListedNode, whyNoGpuNode } from "../../../kubernetes/core/gpus";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { messageOf } from "../../../values/message-of";

/**
 * One sentence for each Deployment whose pods no node can take. The nodes are listed only when there are pods with GPUs.
 * It is advice: nodes may come with the same update, or later with an autoscaler.
 */
export async function findMissingGpus(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<readonly string[]> {
  const pods = objects.map(gpuPodsOf).filter((each) => each !== undefined);
  if (pods.length === 0) return [];
  try {
    const nodes = await client.list<KubeObject & ListedNode>({ apiVersion: "v1", kind: "Node" });
    return pods.map((each) => whyNoGpuNode(each, nodes)).filter((each) => each !== undefined);
  } catch (error) {
    return [`whether a node offers GPUs isn't known: ${messageOf(error)}`];
  }
}
