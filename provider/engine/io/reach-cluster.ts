// What a refresh or a delete does when the cluster of a state can't be reached any more.
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { isReason } from "../../../kubernetes/io/kube-error";
import { readKubeConfig } from "../../../kubernetes/io/kube-config";
import { messageOf } from "../../../values/message-of";

/**
 * Variable of `@pulumi/kubernetes`: with `true`, what was in an unreachable cluster leaves the state. It is opt-in, since
 * an interrupted network must not cost the state (pulumi-kubernetes, `deleteUnreachable`).
 */
export const DELETE_UNREACHABLE = "PULUMI_K8S_DELETE_UNREACHABLE";

export interface ClusterWork<T> {
  /** From the state. */
  readonly kubeconfig: string;
  readonly work: (client: KubeClient) => Promise<T>;
  /** The result for a cluster that no longer exists. */
  readonly gone: T;
}

/**
 * Does the work, which repeats its requests for a while. When the cluster doesn't answer, it returns `gone` where
 * `PULUMI_K8S_DELETE_UNREACHABLE` is `true`. As for the kubernetes provider, a kubeconfig that can't be read and
 * credentials that the server rejects count as unreachable, too.
 * @throws Error with one sentence that names the variable, or what the work throws
 */
export async function inReachableCluster<T>({
  kubeconfig,
  work,
  gone,
}: ClusterWork<T>): Promise<T> {
  try {
    return await work(KubeClient.fromKubeConfig(kubeconfig));
  } catch (error) {
    const isUsable = readKubeConfig(kubeconfig).ok;
    if (isUsable && !isReason(error, "Unreachable", "Unauthorized")) throw error;
    const reason = messageOf(error);
    if (process.env[DELETE_UNREACHABLE] === "true") {
      console.log(`${reason}. ${DELETE_UNREACHABLE} is set: the resource leaves the state.`);
      return gone;
    }
    throw new Error(
      `${reason}. If the cluster no longer exists, run the command again with ${DELETE_UNREACHABLE}=true`,
      { cause: error },
    );
  }
}
