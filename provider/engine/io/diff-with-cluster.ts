// `diff` for objects in a cluster: whether the cluster, the deployed objects or the live objects have changed.
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { isKnownCluster, type KnownCluster } from "../../../kubernetes/io/identify-cluster";
import { type Drift, driftSentence, hasDrift } from "../../../values/drift";
import { messageOf } from "../../../values/message-of";
import { type DiffResult } from "../core/resource-operations";
import { whyUnreachable } from "./reach-cluster";

export interface Comparison {
  /** Subject of the messages: `endpoint churn in namespace models`. */
  readonly subject: string;
  /** The state; one that an earlier version wrote may lack fields. */
  readonly olds: {
    readonly kubeconfig: string;
    readonly cluster?: KnownCluster;
    readonly drift?: Drift;
  };
  readonly kubeconfig: string;
  /** Whether the desired objects were deployed, according to the state. */
  readonly isDeployed: boolean;
  readonly findDrift: () => Promise<Drift>;
}

/**
 * Compares with the state, then with the live objects. An unreachable cluster never fails a preview: it counts as a
 * change, so that the update retries and fails with the reason.
 */
export async function diffWithCluster(
  client: KubeClient,
  { subject, olds, kubeconfig, isDeployed, findDrift }: Comparison,
): Promise<DiffResult> {
  try {
    const reason = await whyUnreachable(kubeconfig);
    if (reason !== undefined) throw new Error(reason);
    const moved = olds.cluster !== undefined && !(await isKnownCluster(client, olds.cluster));
    if (moved) return { changes: true, replaces: ["kubeconfig"] };
    if (!isDeployed || olds.kubeconfig !== kubeconfig || hasDrift(olds.drift ?? {})) {
      return { changes: true };
    }
    const drift = await findDrift();
    // The CLI displays what a dynamic provider prints.
    if (hasDrift(drift)) console.log(`${subject} ${driftSentence(drift)}`);
    return { changes: hasDrift(drift) };
  } catch (error) {
    console.log(`${subject} can't be compared with the cluster: ${messageOf(error)}`);
    return { changes: true };
  }
}
