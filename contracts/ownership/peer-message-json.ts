// Peer messages as JSON. What comes from another router is never trusted; members that aren't known are left out, so
// that a newer router may add some.

import { readAssignment } from "./assignment";
import { type Illegal, illegal, isCount, isObject, parseJson } from "./parse-json";
import type { PeerMessage, Places, Report, WithheldPlaces } from "./peer-message";
import { isRouterId } from "./router-id";

/** Most UTF-16 units of a message: 50,000 replicas with requests, of 80 units each. */
export const MAX_MESSAGE_LENGTH = 4_194_304;
/** Longest that places may be withheld: twice the longest stream. */
const MAX_REMAINING_MS = 7_200_000;
/** Most requests at one replica: a hundred times the largest limit. */
const MAX_IN_FLIGHT = 1_000_000;
/** `<namespace>.<endpoint>.<version>` and a pod's name. */
const REPLICA = /^[!-~]{1,400}$/;

export type ParsedPeerMessage = { readonly ok: true; readonly message: PeerMessage } | Illegal;

type Read<T> = { readonly ok: true; readonly value: T } | Illegal;
type Members = Readonly<Record<string, unknown>>;

export function renderPeerMessage(message: PeerMessage): string {
  return JSON.stringify(message, (_, value: unknown) =>
    value instanceof Map ? (Object.fromEntries(value) as object) : value,
  );
}

/** The PeerMessage in a text, or a message with the property's path and what is legal. Never throws. */
export function parsePeerMessage(text: string): ParsedPeerMessage {
  if (text.length > MAX_MESSAGE_LENGTH) {
    return illegal("length", text.length, `at most ${MAX_MESSAGE_LENGTH}`);
  }
  const value = parseJson(text);
  if (!isObject(value)) return illegal("message", value, "an object as JSON");
  const { kind, from, router, renewal, sentAtMs } = value;
  if (!isRouterId(from)) return illegal("from", from, "<pod>/<uid>/<term>");
  if (kind === "ping") return parsePing(from, value);
  if (kind !== "promise" && kind !== "ask" && kind !== "silence") {
    return illegal("kind", kind, "ping, promise, ask or silence");
  }
  if (!isRouterId(router)) return illegal("router", router, "<pod>/<uid>/<term>");
  if (kind === "promise") {
    if (!isWithin(sentAtMs, 0)) return illegal("sentAtMs", sentAtMs, "milliseconds from 0");
    return { ok: true, message: { kind, from, router, sentAtMs } };
  }
  if (!isCount(renewal, 1)) return illegal("renewal", renewal, "a whole number from 1");
  if (kind === "ask") return { ok: true, message: { kind, from, router, renewal } };
  if (value["report"] === undefined) {
    return { ok: true, message: { kind, from, router, renewal } };
  }
  const report = readReport("report.", value["report"]);
  if (!report.ok) return report;
  return { ok: true, message: { kind, from, router, renewal, report: report.value } };
}

function parsePing(from: string, value: Members): ParsedPeerMessage {
  const { sentAtMs, withheld } = value;
  const report = readReport("", value);
  if (!report.ok) return report;
  if (!isWithin(sentAtMs, 0)) return illegal("sentAtMs", sentAtMs, "milliseconds from 0");
  const read = readAssignment(value["assignment"]);
  if (!read.ok) return { ok: false, message: `assignment: ${read.message}` };
  if (!Array.isArray(withheld)) return illegal("withheld", withheld, "a list");
  const all: WithheldPlaces[] = [];
  for (const [index, each] of (withheld as unknown[]).entries()) {
    const places = readWithheld(`withheld[${index}]`, each);
    if (!places.ok) return places;
    all.push(places.value);
  }
  const { assignment } = read;
  return {
    ok: true,
    message: { kind: "ping", from, ...report.value, sentAtMs, assignment, withheld: all },
  };
}

/** @param path with which the path of each member begins */
function readReport(path: string, value: unknown): Read<Report> {
  if (!isObject(value)) return illegal(path.replace(/\.$/, ""), value, "an object");
  const { sequence, renewal } = value;
  if (!isCount(sequence, 0)) return illegal(`${path}sequence`, sequence, "a whole number from 0");
  if (!isCount(renewal, 1)) return illegal(`${path}renewal`, renewal, "a whole number from 1");
  const inFlight = readPlaces(`${path}inFlight`, value["inFlight"]);
  return inFlight.ok
    ? { ok: true, value: { sequence, renewal, inFlight: inFlight.value } }
    : inFlight;
}

function readWithheld(path: string, value: unknown): Read<WithheldPlaces> {
  if (!isObject(value)) return illegal(path, value, "an object");
  const { router, remainingMs, sequence, isComplete } = value;
  if (!isRouterId(router)) return illegal(`${path}.router`, router, "<pod>/<uid>/<term>");
  if (!isWithin(remainingMs, 0, MAX_REMAINING_MS)) {
    return illegal(`${path}.remainingMs`, remainingMs, `0 to ${MAX_REMAINING_MS}`);
  }
  if (!isCount(sequence, -1)) {
    return illegal(`${path}.sequence`, sequence, "a whole number from -1");
  }
  if (typeof isComplete !== "boolean") {
    return illegal(`${path}.isComplete`, isComplete, "true or false");
  }
  const inFlight = readPlaces(`${path}.inFlight`, value["inFlight"]);
  if (!inFlight.ok) return inFlight;
  return {
    ok: true,
    value: { router, remainingMs, sequence, isComplete, inFlight: inFlight.value },
  };
}

function readPlaces(path: string, value: unknown): Read<Places> {
  if (!isObject(value)) return illegal(path, value, "an object");
  const places = new Map<string, number>();
  for (const [replica, count] of Object.entries(value)) {
    if (!REPLICA.test(replica)) {
      return illegal(`a name in ${path}`, replica, "1 to 400 printable ASCII characters");
    }
    if (!isCount(count, 1) || count > MAX_IN_FLIGHT) {
      return illegal(`${path}.${replica}`, count, `a whole number from 1 to ${MAX_IN_FLIGHT}`);
    }
    places.set(replica, count);
  }
  return { ok: true, value: places };
}

function isWithin(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === "number" && value >= least && value <= most;
}
