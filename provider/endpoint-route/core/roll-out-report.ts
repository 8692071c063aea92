// What an update says of versions that can't be rolled out, and of what serves instead.
import { type ReplicaSet } from "../../../kubernetes/core/workload";
import { type EndpointObject } from "./endpoint-object";
import { imageOf } from "./version-templates";

/** What became of one version's roll-out. */
export type VersionOutcome =
  | { readonly version: string; readonly ok: true }
  | {
      readonly version: string;
      readonly ok: false;
      /** One sentence, no full stop. */
      readonly reason: string;
      /** Whether the former template is live again, and why it isn't or isn't ready; absent when there is none. */
      readonly former?: { readonly restored: boolean; readonly problem?: string };
    };

/**
 * One line per version, and one for the endpoint. All of it was observed after the attempt.
 * @param live the endpoint's object; undefined when there is none
 * @param replicaSets of each version's Deployment, by version name
 */
export function reportRollOut(
  outcomes: readonly VersionOutcome[],
  live: EndpointObject | undefined,
  replicaSets: ReadonlyMap<string, readonly ReplicaSet[]>,
): string {
  const isRouted = (version: string) =>
    live !== undefined &&
    live.spec.suspended !== true &&
    live.spec.versions.some(({ name }) => name === version);
  const lines = outcomes.map((outcome) => {
    const { version } = outcome;
    const serving = describeReady(replicaSets.get(version) ?? [], isRouted(version));
    return `version ${version}: ${outcome.ok ? serving : describeFailure(outcome, serving)}`;
  });
  const traffic =
    live === undefined
      ? "The endpoint isn't routed: no request reaches it"
      : "The endpoint's traffic is shared as before the update";
  return [...lines, traffic].map((line) => `${line}.`).join("\n");
}

/** What is ready of a version, for its state: nothing of a failed one, or a former template. */
export function readyReplicas(replicaSets: readonly ReplicaSet[]): number {
  return replicaSets.reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0);
}

function describeFailure(
  { reason, former }: Extract<VersionOutcome, { ok: false }>,
  serving: string,
): string {
  if (former === undefined) return `${reason}; ${serving}`;
  const { restored, problem } = former;
  if (problem === undefined) return `${reason}. Its former template is back: ${serving}`;
  const what = restored ? "is back, but isn't ready" : "can't be restored";
  return `${reason}. Its former template ${what}: ${problem}; ${serving}`;
}

/** E.g. `2 replicas of image contoso/model:1 serve`; `none of its replicas is ready`. */
function describeReady(replicaSets: readonly ReplicaSet[], isRouted: boolean): string {
  const ready = replicaSets.flatMap(({ spec, status }) => {
    const count = status?.readyReplicas ?? 0;
    return count === 0 ? [] : [{ count, image: imageOf(spec.template) }];
  });
  if (ready.length === 0) return "none of its replicas is ready";
  const parts = ready.map(
    ({ count, image }) => `${count} ${count === 1 ? "replica" : "replicas"} of image ${image}`,
  );
  const isOne = readyReplicas(replicaSets) === 1;
  const verb = isRouted ? (isOne ? "serves" : "serve") : isOne ? "is ready" : "are ready";
  return `${parts.join(" and ")} ${verb}`;
}
