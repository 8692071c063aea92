// Reads the live objects of a component.
import { type ClusterIdentity } from "../../../kubernetes/core/cluster-identity";
import { objectKey, type KubeObject } from "../../../kubernetes/core/kube-object";
import { findDifferences } from "../../../kubernetes/io/find-drift";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { messageOf } from "../../../values/message-of";
import { type Drift } from "../../../values/drift";
import {
  type DeclaredObject,
  differingData,
  editedPaths,
  isCorrectable,
  isUnchanged,
  plainObject,
  type RecordedObjects,
  structuralDrift,
} from "../core/declaration";

/** What identifies an object, once known. */
export interface KnownReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export type LiveObjects =
  | { readonly ok: true; readonly objects: ReadonlyMap<string, KubeObject> }
  | { readonly ok: false; readonly message: string };

/** Milliseconds for which a cluster that couldn't be reached isn't asked again: every endpoint would wait for it. */
const UNREACHABLE_MS = 30_000;

const unreachable = new WeakMap<
  ClusterIdentity,
  { readonly message: string; readonly atMs: number }
>();

/** The objects that exist, by `<Kind>/<name>`; all are read concurrently. */
export async function readLive(
  client: KubeClient,
  references: readonly KnownReference[],
): Promise<LiveObjects> {
  const failed = unreachable.get(client.identity);
  if (failed !== undefined && performance.now() - failed.atMs < UNREACHABLE_MS) {
    return { ok: false, message: failed.message };
  }
  try {
    const found = await Promise.all(
      references.map(({ name, ...locator }) => client.read<KubeObject>(locator, name)),
    );
    const live = found.filter((object) => object !== undefined);
    return { ok: true, objects: new Map(live.map((object) => [objectKey(object), object])) };
  } catch (error) {
    const message = messageOf(error);
    unreachable.set(client.identity, { message, atMs: performance.now() });
    return { ok: false, message };
  }
}

/** What is compared. */
export interface DeclaredState {
  readonly objects: readonly DeclaredObject[];
  /** By `<Kind>/<name>`. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** What the state has of the last update. */
  readonly recorded: RecordedObjects;
}

export interface DeclaredDrift {
  readonly correctable: Drift;
  /** What only @pulumi/kubernetes can correct. */
  readonly others: Drift;
  /** Whether a dry run of the declaration would fail: an object is missing, or has an entry that nobody declared. */
  readonly blocksDryRun: boolean;
}

/**
 * The differences of live objects from their declaration. Fields are compared only of what was declared before: else the
 * update applies the declaration anyway.
 * @throws KubeError when a request to the API server fails
 */
export async function findDeclaredDrift(
  client: KubeClient,
  { objects, live, recorded }: DeclaredState,
): Promise<DeclaredDrift> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const present = live.get(objectKey(object));
      const structural = structuralDrift(recorded, object, present);
      if (structural.length > 0 || present === undefined || !isUnchanged(recorded, object)) {
        return { object, blocks: structural.length > 0, paths: structural };
      }
      const fields = await findDifferences(client, present, plainObject(object));
      const edited = editedPaths(fields, object, present);
      return { object, blocks: false, paths: [...edited, ...differingData(object, present)] };
    }),
  );
  const differing = found.filter(({ paths }) => paths.length > 0);
  const driftOf = (correctable: boolean): Drift =>
    Object.fromEntries(
      differing
        .filter(({ object }) => isCorrectable(object) === correctable)
        .map(({ object, paths }) => [objectKey(object), paths]),
    );
  return {
    correctable: driftOf(true),
    others: driftOf(false),
    blocksDryRun: differing.some(({ blocks }) => blocks),
  };
}
