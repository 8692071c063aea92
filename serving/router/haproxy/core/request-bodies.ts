// How a request's body is received: whole, before it asks for a slot, in bounded time and bounded memory.
import { MAX_BODY_BYTES } from "../../../../contracts/scoring-api";
import { reply } from "./answers";
import type { HaproxySettings } from "./haproxy-settings";
import { TABLES } from "./names";

/** A large buffer: a body, its header, and HAProxy's own few bytes. Its memory is touched only as it fills. */
export const BUFFER_BYTES = MAX_BODY_BYTES + 2 * 1024 * 1024;

/** Bytes of a body that certainly fit into a buffer (tune.bufsize, 16 KiB) together with the headers' place. */
export const BUFFERED_BODY_BYTES = 8 * 1024;

/** Where HAProxy has no memory limit of its own. At least MAX_BODY_BYTES. */
const BODY_MEMORY_BYTES = 512 * 1024 * 1024;

const PAGE_BYTES = 4096;

/** Bodies up to so many bytes, and what fits into one buffer, have the shorter time. */
const SLOW_BODY_BYTES = 10 * 1024 * 1024;

/** Seconds for what fits into one buffer, and again for the rest of a body: 10 MB at 170 KB/s. */
const BODY_SECONDS = 60;

/** So many times as long may the rest of a larger body take, or of one whose length isn't known: 100 MB at 580 KB/s. */
const LARGE_BODY_FACTOR = 3;

/** A body that finds no memory waits for this part of its time, and is then refused. */
const PATIENCE = 1 / 6;

/** Seconds that a body may take in all, with the wait for its memory. */
export const LONGEST_BODY_SECONDS =
  BODY_SECONDS * (1 + LARGE_BODY_FACTOR) + BODY_SECONDS * PATIENCE;

/** What surface.lua is loaded with, after its file's name. */
export function bodyParameters({
  bodyMemoryBytes = BODY_MEMORY_BYTES,
  bodySeconds = BODY_SECONDS,
  pageBytes = PAGE_BYTES,
}: HaproxySettings): string {
  const patienceMs = bodySeconds * PATIENCE * 1_000;
  return [bodyMemoryBytes, MAX_BODY_BYTES, BUFFER_BYTES, patienceMs, pageBytes].join(" ");
}

/**
 * Last rules of a request, after which it has its whole body; 503 for one whose memory isn't free, 408, 413.
 * @param action what is done with a request that has its whole body
 */
export function bodyRules({ bodySeconds = BODY_SECONDS }: HaproxySettings, action: string): string {
  const isWhole = "{ internal.htx.has_eom }";
  const declared = `{ req.hdr(content-length) -m int le ${SLOW_BODY_BYTES} }`;
  const endIfWhole = `  http-request ${action} if ${isWhole}
  http-request allow if ${isWhole}`;
  return `  # The body is received whole before the request asks for a slot. What one buffer holds costs nothing more.
${endIfWhole}
  http-request wait-for-body time ${bodySeconds}s
${endIfWhole}
  http-request track-sc2 var(txn.id) table ${TABLES.bodies}
  http-request lua.take_memory
  ${reply(503, "TooManyUploads", "The router holds as many large bodies as its memory allows.", " hdr Retry-After 10")} unless { var(txn.has_memory) -m found }
  # Forgets the time of the wait for memory.
  http-request wait-for-body time ${bodySeconds}s at-least 1
  http-request wait-for-body time ${bodySeconds}s use-large-buffer if ${declared}
  http-request wait-for-body time ${bodySeconds * LARGE_BODY_FACTOR}s use-large-buffer unless ${isWhole}
  ${TOO_LARGE} if { req.body_size gt ${MAX_BODY_BYTES} }
  http-request lua.know_size
  http-request ${action}`;
}

/** 413, without its condition. */
export const TOO_LARGE = reply(
  413,
  "PayloadTooLarge",
  `The body may have ${MAX_BODY_BYTES} bytes.`,
);
