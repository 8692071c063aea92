// Drains HAProxy whenever its preStop hook asks for it, so that no request is cut.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROPAGATION_SECONDS } from "../../../../contracts/pods/propagation";
import { explainError, type Log } from "../../../../runtime/log";
import { RUNTIME_SOCKET } from "../../haproxy/core/render-haproxy-config";
import { RuntimeSocket } from "../../haproxy/io/runtime-socket";
import { decideDrain, type DrainState } from "../core/decide-drain";
import { countRequests } from "./count-requests";
import { DrainFiles, LOOK_MS } from "./drain-files";

export interface DrainOptions {
  /** The one that is shared with HAProxy. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Default: PROPAGATION_SECONDS.loadBalancer. */
  readonly propagationMs?: number;
}

/**
 * Until the signal aborts. It needs nothing but HAProxy's socket: no lists of the cluster, and no agent that works. While
 * HAProxy doesn't answer, its requests are unknown, and the drain waits up to its bound.
 */
export async function drainOnRequest(options: DrainOptions): Promise<void> {
  const { directory, signal, log } = options;
  const { propagationMs = PROPAGATION_SECONDS.loadBalancer * 1_000 } = options;
  const files = new DrainFiles(directory);
  const socket = new RuntimeSocket(join(directory, RUNTIME_SOCKET));
  let state: DrainState = { phase: "serving" };
  let trouble: string | undefined;
  while (!signal.aborted) {
    let why: string | undefined;
    try {
      const requests =
        state.phase === "draining"
          ? await countRequests(socket).catch((error: unknown) => {
              why = explainError(error);
              return undefined;
            })
          : undefined;
      const { requested, answered, bound } = files;
      const decision = decideDrain(state, {
        ...{ requested, answered, requests, propagationMs },
        boundMs: bound * 1_000,
        nowMs: performance.now(),
      });
      if (decision.action === "answer") files.answer();
      if (decision.action === "undo") files.undo();
      const { phase } = decision.state;
      if (phase !== state.phase) log("info", MESSAGES[phase], { requests });
      state = decision.state;
    } catch (error) {
      why = explainError(error);
    }
    if (why !== undefined && why !== trouble) log("warning", "the drain waits", { why });
    trouble = why;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  socket.close();
}

const MESSAGES = {
  serving: "the drain is over, HAProxy serves",
  draining: "draining",
  drained: "drained",
} as const;
