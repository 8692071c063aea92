// Tells the Leases of real autoscalers from those that others write: only a real one has the rights of an autoscaler.

import { GROUP, PLURAL } from "../../../../contracts/model-endpoint/model-endpoint";
import { AUTOSCALER_NAME } from "../../../../contracts/pods/pod-defaults";
import { type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";
import { collectionPath } from "../../../../kubernetes/core/object-path";
import { explainError, log } from "../../../../runtime/log";

/** Milliseconds for which an answer counts, and until a review that failed is made again. */
const KEPT_MS = 60_000;
const FAILED_MS = 5_000;
/** Milliseconds between two reviews, whatever Leases there are: they put no load on the API server. */
const PAUSE_MS = 100;

/** Milliseconds between two log lines about reviews that failed. */
const LOG_MS = 60_000;

type Review = (namespace: string) => Promise<boolean>;

interface Answer {
  /** That of the last review that could be made. */
  readonly isReal?: boolean | undefined;
  readonly untilMs: number;
}

/**
 * For chooseScaler(): the namespaces in which an autoscaler runs, as far as is known. It asks about the others meanwhile,
 * one at a time and in the order given, and forgets namespaces that aren't given.
 */
export function cacheScalers(
  review: Review,
  monotonicMs: () => number,
): (namespaces: readonly string[]) => ReadonlySet<string> {
  const answers = new Map<string, Answer>();
  let isRunning = false;
  let pausedUntilMs = -Infinity;
  let loggedMs = -Infinity;

  function failed(error: unknown): undefined {
    if (monotonicMs() - loggedMs < LOG_MS) return;
    loggedMs = monotonicMs();
    log("warning", "reviewing another autoscaler's rights failed", { why: explainError(error) });
  }

  async function ask(namespace: string): Promise<void> {
    isRunning = true;
    pausedUntilMs = monotonicMs() + PAUSE_MS;
    const answer = await review(namespace).catch(failed);
    const isReal = answer ?? answers.get(namespace)?.isReal;
    const keptMs = answer === undefined ? FAILED_MS : KEPT_MS;
    answers.set(namespace, { isReal, untilMs: monotonicMs() + keptMs });
    isRunning = false;
  }

  return (namespaces) => {
    const given = new Set(namespaces);
    for (const known of [...answers.keys()]) if (!given.has(known)) answers.delete(known);
    const nowMs = monotonicMs();
    // Never asked before goes first: many that are asked again keep nobody waiting.
    const next =
      namespaces.find((each) => !answers.has(each)) ??
      namespaces.find((each) => (answers.get(each)?.untilMs ?? 0) <= nowMs);
    if (next !== undefined && !isRunning && nowMs >= pausedUntilMs) void ask(next);
    return new Set(namespaces.filter((each) => answers.get(each)?.isReal === true));
  };
}

const REVIEWS = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview" };

/**
 * Whether the namespace's autoscaler may write the status of every ModelEndpoint: who writes a Lease there can't grant that.
 * @throws Error when the API server can't tell
 */
export async function reviewScaler(client: ApiClient, namespace: string): Promise<boolean> {
  const response = await client.request({
    method: "POST",
    path: collectionPath(REVIEWS),
    body: {
      ...REVIEWS,
      spec: {
        user: `system:serviceaccount:${namespace}:${AUTOSCALER_NAME}`,
        resourceAttributes: {
          group: GROUP,
          resource: PLURAL,
          subresource: "status",
          verb: "patch",
        },
      },
    },
  });
  if (response.status >= 300) throw new Error(describeFailure(response));
  const { status } = response.body as { readonly status?: { readonly allowed?: boolean } };
  return status?.allowed === true;
}
