/** An upgrade's result, which shows only once the upgrade has ended. */
import { type JsonObject, textAt, withValueAt } from "./json";
import type { Outcome, StoredResource } from "./store";

/** The versions that run, of a cluster and of a pool. */
const RUNNING_VERSIONS = [
  "properties.currentKubernetesVersion",
  "properties.currentOrchestratorVersion",
];

/** The body with the versions that still run, and what the upgrade makes of them. */
export function holdBackVersions(
  resourceId: string,
  body: JsonObject,
  existing: StoredResource,
): { body: JsonObject; outcomes: readonly Outcome[] } {
  const outcomes = RUNNING_VERSIONS.flatMap((path) => {
    const [running, value] = [textAt(existing.body, path), textAt(body, path)];
    const isChange = running !== undefined && value !== undefined && running !== value;
    return isChange ? [{ resourceId, path, value }] : [];
  });
  const held = outcomes.reduce(
    (kept, { path }) => withValueAt(kept, path, textAt(existing.body, path)),
    body,
  );
  return { body: held, outcomes };
}
