// Reads what HAProxy's tables and `aml load` say about the load of each version.
import { readInstance } from "../../haproxy/core/live-model";

export interface VersionLoad {
  /** Requests whose clients wait: in the queue, at a model or for an owner of their version. */
  readonly present: number;
  /** Requests that arrived since HAProxy started. */
  readonly arrivals: number;
  /** Requests that models compute, those of clients who left included. */
  readonly computing: number;
  /** Of these, those of clients who left. */
  readonly orphans: number;
}

/** Replies; each may list only versions for which something moves. */
export interface LoadTexts {
  /** `show table arrived data.conn_cur gt 0` and `… data.http_req_rate gt 0`. */
  readonly arrived: string;
  /** `show table computing data.conn_cur gt 0`. */
  readonly computing: string;
  /** `aml load`. */
  readonly load: string;
}

/**
 * Load by version key, of the versions that the replies name. `before` gives the arrivals of a version that only
 * computes for clients who left.
 */
export function readLoad(
  { arrived, computing, load }: LoadTexts,
  before: ReadonlyMap<string, VersionLoad>,
): ReadonlyMap<string, VersionLoad> {
  const found = new Map<string, VersionLoad>();
  const add = (version: string, part: Partial<VersionLoad>) => {
    const arrivals = before.get(version)?.arrivals ?? 0;
    const nothing: VersionLoad = { present: 0, arrivals, computing: 0, orphans: 0 };
    found.set(version, { ...(found.get(version) ?? nothing), ...part });
  };
  for (const [version, values] of tableEntries(arrived)) {
    add(version, {
      present: numberOf(values, "conn_cur"),
      arrivals: numberOf(values, "http_req_cnt"),
    });
  }
  for (const [version, values] of tableEntries(computing)) {
    add(version, { computing: numberOf(values, "conn_cur") });
  }
  for (const [, version = "", count] of load.matchAll(/^orphans (\S+) (\d+)$/gm)) {
    add(version, { orphans: Number(count) });
  }
  // What waits for an owner is in no table; what moved to a peer is in two routers'.
  for (const [, what, version = "", count] of load.matchAll(/^(waiting|moved) (\S+) (\d+)$/gm)) {
    const more = what === "waiting" ? Number(count) : -Number(count);
    add(version, { present: Math.max(0, (found.get(version)?.present ?? 0) + more) });
  }
  return found;
}

/** `draining <version> <replica> <computing>` lines of `aml load`: version key → pod → requests. */
export function readDraining(load: string): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const found = new Map<string, Record<string, number>>();
  for (const [, version = "", replica = "", count] of load.matchAll(
    /^draining (\S+) (\S+) (\d+)$/gm,
  )) {
    found.set(version, { ...found.get(version), [replica]: Number(count) });
  }
  return found;
}

/** Requests that wait for a place: present, but not at a model. */
export function queuedRequests({ present, computing, orphans }: VersionLoad): number {
  // The tables are read one after the other: a request may move between.
  return Math.max(0, present - Math.max(0, computing - orphans));
}

/** Why a reply to `show table <table> data.<field> gt 0` can't be read; undefined: it can. */
export function tableProblem(table: string, reply: string): string | undefined {
  const [head = "", ...entries] = reply.split("\n");
  const isTable =
    head.startsWith(`# table: ${table},`) &&
    entries.every((entry) => / key=\S+ .*\bconn_cur=\d+/.test(entry));
  return isTable ? undefined : `HAProxy replied '${shorten(reply)}' about its table ${table}`;
}

/** Why a reply to `aml load` can't be read; undefined: it can. */
export function loadProblem(reply: string): string | undefined {
  if (readInstance(reply) !== "") return undefined;
  return `HAProxy replied '${shorten(reply)}' about its load`;
}

function shorten(reply: string): string {
  return reply.slice(0, 80);
}

function* tableEntries(text: string): Generator<readonly [string, string]> {
  for (const [, version = "", values = ""] of text.matchAll(/ key=(\S+) (.*)$/gm)) {
    yield [version, values];
  }
}

function numberOf(values: string, field: string): number {
  return Number(new RegExp(` ${field}(?:\\(\\d+\\))?=(\\d+)`).exec(` ${values}`)?.[1] ?? 0);
}
