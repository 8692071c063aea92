// What `diff` asks about objects in a cluster: whether the cluster, what was deployed or what is live has changed.
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { isKnownCluster, type KnownCluster } from "../../../kubernetes/io/identify-cluster";
import { type Drift, driftSentence, hasDrift } from "../../../values/drift";
import { messageOf } from "../../../values/message-of";
import { type DiffResult } from "../core/resource-operations";

export interface Comparison {
  /** For the sentences: `endpoint churn in namespace models`. */
  readonly subject: string;
  /** The state, of which an early one has not everything. */
  readonly olds: {
    readonly kubeconfig: string;
    readonly cluster?: KnownCluster;
    readonly drift?: Drift;
  };
  readonly kubeconfig: string;
  /** Whether the state says that what is wanted was deployed. */
  readonly isDeployed: boolean;
  readonly findDrift: () => Promise<Drift>;
}

/**
 * Compares with what was recorded, then with what is live. A cluster that can't be asked never fails a preview:
 * it counts as a change, so that the update asks again and fails with the reason.
 */
export async function diffWithCluster(
  client: KubeClient,
  { subject, olds, kubeconfig, isDeployed, findDrift }: Comparison,
): Promise<DiffResult> {
  try {
    const moved = olds.cluster !== undefined && !(await isKnownCluster(client, olds.cluster));
    if (moved) return { changes: true, replaces: ["kubeconfig"] };
    if (!isDeployed || olds.kubeconfig !== kubeconfig || hasDrift(olds.drift ?? {})) {
      return { changes: true };
    }
    const drift = await findDrift();
    // What a dynamic provider prints, the CLI shows.
    if (hasDrift(drift)) console.log(`${subject} ${driftSentence(drift)}`);
    return { changes: hasDrift(drift) };
  } catch (error) {
    console.log(`${subject} can't be compared with the cluster: ${messageOf(error)}`);
    return { changes: true };
  }
}
