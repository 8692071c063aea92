// Lists and watches one kind of object: keeps a local copy current across interruptions.

import { setTimeout as sleep } from "node:timers/promises";
import { explainError } from "../../runtime/log";
import { readLines } from "../../runtime/read-lines";
import { type ListedObject } from "../core/kube-object";
import { type ApiClient, describeFailure } from "./api-client";

export interface WatchQuery {
  /** Such as `/apis/apps/v1/deployments` or `/api/v1/namespaces/ns/pods`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface WatchOptions<T> {
  /**
   * What the local copy has of an object; undefined for one that isn't wanted. It must keep name, namespace and
   * resourceVersion. Default: everything.
   */
  readonly keep?: (object: T) => T | undefined;
  /**
   * Called when an object is added, modified or, with an undefined `object`, deleted. `key` is `<namespace>/<name>`, or
   * `<name>` for a cluster-scoped object.
   */
  readonly onChange?: (key: string, object: T | undefined) => void;
  /** Called when the watch is interrupted; it resumes by itself. `status`: that of a list that the server refused. */
  readonly onInterruption?: (message: string, status?: number) => void;
  /** Called when a watch has begun: from now on the local copy is current. */
  readonly onFollowing?: () => void;
  /** Milliseconds without data after which the connection counts as dead; default 90,000: bookmarks come every minute. */
  readonly silenceMs?: number;
}

export interface Watched<T> {
  /** The local copy, keyed as in `onChange`. */
  readonly objects: ReadonlyMap<string, T>;
  /** Resolves after the first list. */
  readonly synced: Promise<void>;
  /** Resolves when the signal has stopped the watch. */
  readonly stopped: Promise<void>;
}

/** Objects of one answer to a list: those that aren't kept must fit into memory once, and may be large. */
const PAGE_SIZE = 50;
/** Seconds after which the server ends a watch, so that reconnecting clients spread over the API servers. */
const WATCH_SECONDS = 300;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T & { readonly message?: string };
}

class ListRefused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/**
 * Lists and watches until `signal` aborts. After an interruption it resumes from the last resource version, or lists
 * again when the server no longer has that version.
 */
export function watchAll<T extends ListedObject>(
  client: ApiClient,
  query: WatchQuery,
  signal: AbortSignal,
  {
    keep = (object) => object,
    onChange = () => undefined,
    onInterruption = () => undefined,
    onFollowing = () => undefined,
    silenceMs = 90_000,
  }: WatchOptions<T> = {},
): Watched<T> {
  const objects = new Map<string, T>();
  const { promise: synced, resolve: resolveSynced } = Promise.withResolvers<undefined>();
  let resourceVersion: string | undefined;

  function put(object: T): string {
    const key = keyOf(object);
    if (objects.get(key)?.metadata.resourceVersion === object.metadata.resourceVersion) return key;
    const kept = keep(object);
    if (kept === undefined) {
      remove(key);
    } else {
      objects.set(key, kept);
      onChange(key, kept);
    }
    return key;
  }

  function remove(key: string): void {
    if (objects.delete(key)) onChange(key, undefined);
  }

  async function list(): Promise<string> {
    const listed = new Set<string>();
    let next: string | undefined;
    for (;;) {
      const response = await client.request({
        method: "GET",
        path: query.path,
        query: {
          ...selectors(query),
          limit: String(PAGE_SIZE),
          ...(next === undefined ? {} : { continue: next }),
        },
        signal,
      });
      if (response.status !== 200) {
        throw new ListRefused(describeFailure(response), response.status);
      }
      const { items, metadata } = response.body as {
        readonly items: readonly T[];
        readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
      };
      for (const item of items) listed.add(put(item));
      next = metadata.continue || undefined;
      if (next !== undefined) continue;
      for (const key of [...objects.keys()]) if (!listed.has(key)) remove(key);
      resolveSynced(undefined);
      return metadata.resourceVersion;
    }
  }

  async function follow(from: string): Promise<void> {
    const response = await client.stream({
      method: "GET",
      path: query.path,
      query: {
        ...selectors(query),
        watch: "1",
        allowWatchBookmarks: "true",
        resourceVersion: from,
        timeoutSeconds: String(WATCH_SECONDS),
      },
      timeoutMs: silenceMs,
      signal,
    });
    if (response.statusCode !== 200) {
      response.destroy();
      resourceVersion = undefined;
      throw new Error(`the server answered the watch with status ${response.statusCode}`);
    }
    onFollowing();
    for await (const line of readLines(response)) {
      const event = JSON.parse(line) as WatchEvent<T>;
      if (event.type === "ERROR") {
        // Usually 410 Gone: the server no longer has the changes since this resource version.
        resourceVersion = undefined;
        throw new Error(event.object.message ?? "the server ended the watch");
      }
      if (event.type === "DELETED") remove(keyOf(event.object));
      else if (event.type !== "BOOKMARK") put(event.object);
      resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
    }
  }

  async function run(): Promise<void> {
    let delayMs = FIRST_DELAY_MS;
    while (!signal.aborted) {
      try {
        resourceVersion ??= await list();
        await follow(resourceVersion);
        delayMs = FIRST_DELAY_MS;
      } catch (error) {
        if (signal.aborted) return;
        const status = error instanceof ListRefused ? error.status : undefined;
        onInterruption(`${query.path}: ${explainError(error)}`, status);
        // Jitter keeps the clients of a restarted server from listing all at once.
        await sleep(delayMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
        delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
      }
    }
  }

  return { objects, synced, stopped: run() };
}

function keyOf({ metadata: { namespace, name } }: ListedObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function selectors({ labelSelector, fieldSelector }: WatchQuery): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
