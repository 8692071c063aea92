// Ends what HAProxy still has with replicas whose host vanished without a word.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { explainError, type Log } from "../../../../runtime/log";
import type { LiveModel } from "../core/live-model";
import { innerBackend } from "../core/names";
import { unansweredAddresses } from "../core/unanswered-addresses";
import type { RuntimeSocket } from "./runtime-socket";

const PERIOD_MS = 5_000;
/** Connections of this network namespace, which the pod's containers share. */
const CONNECTIONS = "/proc/self/net/tcp";

/**
 * Until the signal aborts. Keep-alive finds a vanished host only while all that it was sent is acknowledged; otherwise
 * the kernel retransmits for a quarter of an hour, and HAProxy can't set TCP_USER_TIMEOUT on servers added at run time.
 */
export async function endVanished(
  socket: RuntimeSocket,
  { live, signal, log }: { live: () => LiveModel | undefined; signal: AbortSignal; log: Log },
): Promise<void> {
  while (!signal.aborted) {
    await sleep(PERIOD_MS, undefined, { signal, ref: false }).catch(() => undefined);
    const served = live();
    if (signal.aborted || served === undefined) continue;
    try {
      const vanished = unansweredAddresses(await readFile(CONNECTIONS, "utf8"));
      if (vanished.size > 0) await endSessions(socket, served, { vanished, log });
    } catch (error) {
      log("warning", "looking for vanished replicas failed", { why: explainError(error) });
    }
  }
}

async function endSessions(
  socket: RuntimeSocket,
  { versions }: LiveModel,
  { vanished, log }: { vanished: ReadonlySet<string>; log: Log },
): Promise<void> {
  for (const [version, { replicas }] of versions) {
    for (const [replica, { address }] of replicas) {
      if (!vanished.has(address)) continue;
      await socket.command(`shutdown sessions server ${innerBackend(version)}/${replica}`);
      log("warning", "a replica acknowledges nothing any more, its requests are ended", {
        version,
        replica,
      });
    }
  }
}
