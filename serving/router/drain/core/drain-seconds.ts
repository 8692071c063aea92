// How long a drain may take: as long as a request of the endpoints that are served may.
import {
  longestRequestSeconds,
  STREAM_DEFAULTS,
} from "../../../../contracts/model-endpoint/limits";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import {
  DRAIN_MARGIN_SECONDS,
  LONGEST_DRAIN_SECONDS,
  LONGEST_QUEUE_SECONDS,
} from "../../../../contracts/pods/router-environment";

/** Whole seconds: the longest queue wait and answer of any version, with the margin; never above LONGEST_DRAIN_SECONDS. */
export function drainSeconds(endpoints: Iterable<ModelEndpoint>): number {
  let longest = 0;
  for (const { spec } of endpoints) {
    for (const version of spec.versions) {
      const { scoringTimeoutMs, maxStreamSeconds = STREAM_DEFAULTS.maxStreamSeconds } = version;
      const queue = Math.min(version.maxQueueWaitMs / 1_000, LONGEST_QUEUE_SECONDS);
      const answer = longestRequestSeconds({ scoringTimeoutMs, maxStreamSeconds });
      longest = Math.max(longest, queue + answer);
    }
  }
  return Math.min(LONGEST_DRAIN_SECONDS, DRAIN_MARGIN_SECONDS + Math.ceil(longest));
}

/** A drain's bound, and when it was last asked for. */
export interface DrainBound {
  readonly seconds: number;
  /** Monotonic, in milliseconds. */
  readonly askedMs: number;
}

/** A longer bound counts at once; a shorter one when the requests that had the longer one must have ended. */
export function nextBound(
  former: DrainBound | undefined,
  seconds: number,
  nowMs: number,
): DrainBound {
  const stillRuns =
    former !== undefined &&
    former.seconds > seconds &&
    nowMs - former.askedMs < former.seconds * 1_000;
  return stillRuns ? former : { seconds, askedMs: nowMs };
}
