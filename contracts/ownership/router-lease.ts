// A router's own Lease, named as its pod: its optimistic concurrency is what fences the router.

import { type Illegal, illegal, isCount, isObject, parseJson } from "./parse-json";
import { isRouterId, type RouterId, routerId } from "./router-id";

/** Annotation of the Lease: all of RouterLease but `holder`, as JSON. */
export const OWNERSHIP_ANNOTATION = "aml-inference.io/ownership";

/** What the Lease says of one term. */
export interface LeaseTerm {
  /** From 1. */
  readonly term: number;
  /** Number of the holder's attempt to write that succeeded: grows with each within the term. */
  readonly renewal: number;
  /** Sequence of the newest report that the fence knew of; absent: not known. */
  readonly lastReport?: number;
}

export interface RouterLease extends LeaseTerm {
  /** `<pod>/<uid>`; empty: the term is fenced. */
  readonly holder: string;
  /** A random text per process, so that a process knows its own writes. */
  readonly process: string;
  /** In which the holder counts its majority: itself and its peers. */
  readonly members: readonly RouterId[];
  /** The term before, so that it is known how that ended. */
  readonly former?: LeaseTerm;
}

/** A Lease as far as it is read and written. */
export interface LeaseObject {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly holderIdentity?: string };
}

export type ParsedLease = { readonly ok: true; readonly lease: RouterLease } | Illegal;

/** The id that holds the Lease; undefined when it is fenced. */
export function leaseHolder({ holder, term }: RouterLease): RouterId | undefined {
  const [pod = "", uid = ""] = holder.split("/");
  return holder === "" ? undefined : routerId(pod, uid, term);
}

/** Annotation and holder for the Lease object. */
export function renderLease({ holder, ...rest }: RouterLease): LeaseObject {
  return {
    metadata: { annotations: { [OWNERSHIP_ANNOTATION]: JSON.stringify(rest) } },
    spec: { holderIdentity: holder },
  };
}

/** The RouterLease in an object, or a message with the property's path and what is legal. */
export function parseLease({ metadata, spec }: LeaseObject): ParsedLease {
  const value = parseJson(metadata?.annotations?.[OWNERSHIP_ANNOTATION] ?? "");
  if (!isObject(value)) return illegal(OWNERSHIP_ANNOTATION, value, "an object as JSON");
  const { members, process, former } = value;
  const holder = spec?.holderIdentity ?? "";
  if (holder !== "" && !isRouterId(`${holder}/1`)) {
    return illegal("holderIdentity", holder, "<pod>/<uid> or empty");
  }
  if (typeof process !== "string") return illegal("process", process, "a text");
  if (!Array.isArray(members) || !members.every(isRouterId)) {
    return illegal("members", members, "a list of <pod>/<uid>/<term>");
  }
  const term = readTerm(value);
  if (term === undefined) return illegal("term, renewal or lastReport", value, COUNTS);
  const before = former === undefined ? undefined : readTerm(former);
  if (former !== undefined && before === undefined) return illegal("former", former, COUNTS);
  const optional = before === undefined ? {} : { former: before };
  return { ok: true, lease: { ...term, holder, process, members, ...optional } };
}

const COUNTS = "whole numbers from 1, and lastReport from 0";

function readTerm(value: unknown): LeaseTerm | undefined {
  if (!isObject(value)) return undefined;
  const { term, renewal, lastReport } = value;
  if (!isCount(term, 1) || !isCount(renewal, 1)) return undefined;
  if (lastReport === undefined) return { term, renewal };
  return isCount(lastReport, 0) ? { term, renewal, lastReport } : undefined;
}
