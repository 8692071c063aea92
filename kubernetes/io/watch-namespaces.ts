// Lists and watches one kind of object in several namespaces, which come and go: for those who have rights in these only.

import { type ListedObject } from "../core/kube-object";
import { type ApiClient } from "./api-client";
import { watchAll, type Watched, type WatchOptions, type WatchQuery } from "./watch";

/** The namespaces that are watched, and what is known of each. */
export interface FollowedNamespaces {
  /** Watches these namespaces from now on, and forgets the objects of all others. */
  readonly follow: (namespaces: ReadonlySet<string>) => void;
  /** Whether the namespace was listed: what is not known yet, or may not be read, is not empty. */
  readonly isKnown: (namespace: string) => boolean;
  /** Why a namespace that is followed can't be listed, for a while already; undefined when it can, or may soon. */
  readonly troubleIn: (namespace: string) => string | undefined;
  /** Whether all lists have been forbidden for so long that what is known no longer counts: others may have the addresses. */
  readonly isForbidden: (namespace: string) => boolean;
}

export interface WatchedNamespaces<T> extends FollowedNamespaces {
  /** The local copy of all namespaces, keyed as in `watchAll`. */
  readonly objects: ReadonlyMap<string, T>;
  /** Resolves when the signal has stopped all watches. */
  readonly stopped: Promise<void>;
}

/** Milliseconds for a list: rights that were granted a moment ago may not count yet. */
const PATIENCE_MS = 10_000;
/** Milliseconds without rights after which what was known is believed no more. A server that is away changes nothing. */
const FORBIDDEN_MS = 30_000;
const FORBIDDEN = 403;
/** Statuses of a list that say that the namespace can't be read; all others may be the server's trouble. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([401, FORBIDDEN, 404]);
/** Milliseconds by which a timer may fire too early: what it is to tell must be true by then. */
const EARLY_MS = 10;
/** Milliseconds between two reports of a namespace that can't be listed. */
const REPORT_MS = 60_000;

interface Member {
  readonly stop: AbortController;
  readonly stopped: Promise<void>;
  readonly sinceMs: number;
  isKnown: boolean;
  trouble?: string;
  /** Since when a namespace that was listed once is refused. */
  refusedMs?: number | undefined;
  /** Since when each list is forbidden. */
  forbiddenMs?: number | undefined;
  isForbidden: boolean;
  reportedMs?: number;
}

/** Several kinds in the same namespaces: one is known when all kinds are listed, and in trouble or forbidden when one kind is. */
export function together(kinds: readonly FollowedNamespaces[]): FollowedNamespaces {
  return {
    follow: (namespaces) => {
      for (const kind of kinds) kind.follow(namespaces);
    },
    isKnown: (namespace) => kinds.every((kind) => kind.isKnown(namespace)),
    troubleIn: (namespace) =>
      kinds.map((kind) => kind.troubleIn(namespace)).find((trouble) => trouble !== undefined),
    isForbidden: (namespace) => kinds.some((kind) => kind.isForbidden(namespace)),
  };
}

/** @param queryOf what to watch in a namespace */
export function watchNamespaces<T extends ListedObject>(
  client: ApiClient,
  queryOf: (namespace: string) => WatchQuery,
  signal: AbortSignal,
  options: WatchOptions<T> & {
    /** Called after a namespace's first list, also when it is empty, and when it gets into trouble, is forbidden, or out of that. */
    readonly onKnown?: (namespace: string) => void;
    /** Milliseconds after which a namespace that can't be listed is in trouble. Default PATIENCE_MS. */
    readonly patienceMs?: number;
    /** Milliseconds without rights after which a namespace counts as forbidden. Default FORBIDDEN_MS. */
    readonly forbiddenMs?: number;
  } = {},
): WatchedNamespaces<T> {
  const { onChange, onKnown, onInterruption } = options;
  const { patienceMs = PATIENCE_MS, forbiddenMs = FORBIDDEN_MS } = options;
  const objects = new Map<string, T>();
  const members = new Map<string, Member>();
  const ended = Promise.withResolvers<undefined>();
  signal.addEventListener("abort", () => {
    const all = [...members.values()];
    for (const { stop } of all) stop.abort();
    void Promise.all(all.map(({ stopped }) => stopped)).then(() => ended.resolve(undefined));
  });

  function troubleOf({ isKnown, sinceMs, refusedMs, trouble }: Member): string | undefined {
    const fromMs = isKnown ? refusedMs : sinceMs;
    return fromMs !== undefined && performance.now() - fromMs >= patienceMs ? trouble : undefined;
  }

  function begin(namespace: string): void {
    const stop = new AbortController();
    const change = (key: string, object: T | undefined) => {
      if (stop.signal.aborted) return;
      if (object === undefined) objects.delete(key);
      else objects.set(key, object);
      onChange?.(key, object);
    };
    const tell = () => {
      if (!stop.signal.aborted && troubleOf(member) !== undefined) onKnown?.(namespace);
    };
    const interrupted = (trouble: string, status?: number) => {
      if (members.get(namespace)?.stop !== stop) return;
      member.trouble = trouble;
      const nowMs = performance.now();
      if (member.isKnown && member.refusedMs === undefined && REFUSALS.has(status)) {
        member.refusedMs = nowMs;
        setTimeout(tell, patienceMs + EARLY_MS).unref();
      }
      member.forbiddenMs = status === FORBIDDEN ? (member.forbiddenMs ?? nowMs) : undefined;
      if (nowMs - (member.forbiddenMs ?? nowMs) >= forbiddenMs && !member.isForbidden) {
        member.isForbidden = true;
        onKnown?.(namespace);
      }
      if (nowMs - (member.reportedMs ?? -Infinity) < REPORT_MS) return;
      member.reportedMs = nowMs;
      onInterruption?.(trouble);
    };
    const following = () => {
      member.forbiddenMs = undefined;
      if (member.refusedMs === undefined && !member.isForbidden) return;
      member.refusedMs = undefined;
      member.isForbidden = false;
      if (!stop.signal.aborted) onKnown?.(namespace);
    };
    const watched: Watched<T> = watchAll<T>(client, queryOf(namespace), stop.signal, {
      ...options,
      onChange: change,
      onInterruption: interrupted,
      onFollowing: following,
    });
    const member: Member = {
      ...{ stop, stopped: watched.stopped, sinceMs: performance.now() },
      ...{ isKnown: false, isForbidden: false },
    };
    members.set(namespace, member);
    setTimeout(tell, patienceMs + EARLY_MS).unref();
    void watched.synced.then(() => {
      member.isKnown = true;
      if (!stop.signal.aborted) onKnown?.(namespace);
    });
  }

  function end(namespace: string, { stop }: Member): void {
    stop.abort();
    members.delete(namespace);
    for (const key of [...objects.keys()]) {
      if (!key.startsWith(`${namespace}/`)) continue;
      objects.delete(key);
      onChange?.(key, undefined);
    }
  }

  return {
    objects,
    follow(namespaces) {
      if (signal.aborted) return;
      for (const [namespace, member] of [...members]) {
        if (!namespaces.has(namespace)) end(namespace, member);
      }
      for (const namespace of namespaces) {
        if (!members.has(namespace)) begin(namespace);
      }
    },
    isKnown: (namespace) => members.get(namespace)?.isKnown === true,
    troubleIn: (namespace) => {
      const member = members.get(namespace);
      return member && troubleOf(member);
    },
    isForbidden: (namespace) => members.get(namespace)?.isForbidden === true,
    stopped: ended.promise,
  };
}
