// Whether the cluster of a state can still be reached, and what a refresh or a delete does when it can't.
import { setTimeout as sleep } from "node:timers/promises";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { KubeError } from "../../../kubernetes/io/kube-error";
import { messageOf } from "../../../values/message-of";

/**
 * Variable of `@pulumi/kubernetes`: with `true`, what was in an unreachable cluster leaves the state. It is opt-in, since
 * an interrupted network must not cost the state (pulumi-kubernetes, `deleteUnreachable`).
 */
export const DELETE_UNREACHABLE = "PULUMI_K8S_DELETE_UNREACHABLE";

/** Milliseconds for one answer, and between two attempts. */
const ANSWER_MS = 10_000;
const PAUSE_MS = 1_000;
const ATTEMPTS = 2;

/** By kubeconfig, for the life of the process, which is one command: a dead server costs its patience once. */
const reached = new Map<string, Promise<string | undefined>>();

/**
 * Why the cluster of the kubeconfig can't be used, as one sentence; undefined when its API server answers. As for the
 * kubernetes provider, a kubeconfig that can't be read and credentials that the server rejects count, too.
 */
export function whyUnreachable(kubeconfig: string): Promise<string | undefined> {
  const known = reached.get(kubeconfig);
  if (known !== undefined) return known;
  const asked = ask(kubeconfig).catch(messageOf);
  reached.set(kubeconfig, asked);
  return asked;
}

async function ask(kubeconfig: string): Promise<string | undefined> {
  const { api, identity } = KubeClient.fromKubeConfig(kubeconfig);
  for (let tries = 1; ; tries += 1) {
    try {
      const { status } = await api.request({
        ...{ method: "GET", path: "/version", timeoutMs: ANSWER_MS },
      });
      // Any other answer comes from a server that is there.
      if (status !== 401) return undefined;
      return `the cluster at ${identity.server} rejects the kubeconfig's credentials`;
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "Unreachable") throw error;
      if (tries >= ATTEMPTS) {
        return `the cluster at ${identity.server} can't be reached: ${error.detail}`;
      }
      await sleep(PAUSE_MS);
    }
  }
}

export interface ClusterWork<T> {
  /** What the work is for, as the error names it: `refresh endpoint churn in namespace models`. */
  readonly attempt: string;
  /** From the state. */
  readonly kubeconfig: string;
  readonly work: (client: KubeClient) => Promise<T>;
  /** The result for a cluster that no longer exists. */
  readonly gone: T;
}

/**
 * Does the work in a cluster that answers. In one that doesn't, it returns `gone` where `PULUMI_K8S_DELETE_UNREACHABLE`
 * is `true`.
 * @throws Error with one sentence that names the variable, or what the work throws
 */
export async function inReachableCluster<T>(work: ClusterWork<T>): Promise<T> {
  const reason = await whyUnreachable(work.kubeconfig);
  if (reason === undefined) return work.work(KubeClient.fromKubeConfig(work.kubeconfig));
  if (process.env[DELETE_UNREACHABLE] === "true") {
    console.log(`${reason}. ${DELETE_UNREACHABLE} is set: the resource leaves the state.`);
    return work.gone;
  }
  throw new Error(
    `Can't ${work.attempt}: ${reason}. If the cluster no longer exists, run the command again with ${DELETE_UNREACHABLE}=true`,
  );
}
