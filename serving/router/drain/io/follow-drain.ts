// The agent's part in a drain: it learns of it, and says how long one may take.
import { setTimeout as sleep } from "node:timers/promises";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import { type DrainBound, drainSeconds, nextBound } from "../core/drain-seconds";
import { type DrainFiles, LOOK_MS } from "./drain-files";

export interface DrainFollower {
  readonly files: DrainFiles;
  /** The endpoints that are served; undefined: not known yet. */
  readonly served: () => ReadonlyMap<string, ModelEndpoint> | undefined;
  /** A drain has begun, or is over. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** Until the signal aborts. */
export async function followDrain(options: DrainFollower): Promise<void> {
  const { files, served, onChange, signal } = options;
  let drains = files.requested;
  let bound: DrainBound | undefined;
  while (!signal.aborted) {
    const endpoints = served();
    if (endpoints !== undefined) {
      const next = nextBound(bound, drainSeconds(endpoints.values()), performance.now());
      if (next.seconds !== bound?.seconds) files.bound = next.seconds;
      bound = next;
    }
    if (files.requested !== drains) {
      drains = !drains;
      onChange();
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
