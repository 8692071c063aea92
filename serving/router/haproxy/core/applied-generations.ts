// Decides which generation of each endpoint HAProxy serves after a plan was applied.
import type { Model } from "../../model/core/build-model";
import { endpointIdOf } from "../../model/core/version-key";
import { SLOT_REPLIES } from "./slots-lua";
import type { Subject } from "./subject";

/** The groups of a plan that did not end. */
export interface Unfinished {
  /** They wait for requests to end. */
  readonly waiting: readonly { readonly subject: Subject; readonly reply: string }[];
  readonly failures: readonly { readonly subject: Subject; readonly message: string }[];
}

/**
 * Generations by endpoint id: the model's, or the one before where HAProxy does not serve it yet:
 *
 *     endpoint, removed endpoint   failed             every endpoint of that name keeps its generation:
 *                                                     HAProxy knows one route per name, in whatever namespace
 *     removed version              failed, or         its endpoint keeps its generation: the version's pods
 *                                  requests queue     may go as soon as the new one is reported
 *     anything else                                   no endpoint is held back
 */
export function appliedGenerations(
  { endpoints, suspended }: Pick<Model, "endpoints" | "suspended">,
  before: ReadonlyMap<string, number>,
  { waiting, failures }: Unfinished,
): ReadonlyMap<string, number> {
  const names = new Set<string>();
  const ids = new Set<string>();
  const queued = waiting.filter(({ reply }) => reply === SLOT_REPLIES.queued);
  for (const { subject } of [...failures, ...queued]) {
    if (subject.kind === "endpoint" || subject.kind === "removedEndpoint") names.add(subject.name);
    if (subject.kind === "removedVersion") ids.add(endpointIdOf(subject.versionKey));
  }
  const generations = new Map(suspended);
  for (const [id, { generation }] of endpoints) generations.set(id, generation);
  return new Map(
    [...generations].map(([id, generation]) => {
      const held = ids.has(id) || names.has(id.slice(id.indexOf("/") + 1));
      return [id, held ? (before.get(id) ?? 0) : generation];
    }),
  );
}
