// Replaces the certificate that HAProxy serves whenever the mounted one changed; no connection is dropped.
import { setTimeout as sleep } from "node:timers/promises";
import { explainError, type Log } from "../../../../runtime/log";
import { CERTIFICATE_NAME } from "../../haproxy/core/names";
import { readCertificatePair } from "./read-certificate-pair";
import type { RuntimeSocket } from "../../haproxy/io/runtime-socket";

/** Milliseconds between two reads of the files; the kubelet itself takes up to a minute to change them. */
const POLL_MS = 2_000;

export interface RenewOptions {
  /** Folder of the mounted Secret. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Runs until the signal aborts. After a pair that is refused the previous one is still served. */
export async function renewCertificate(
  socket: RuntimeSocket,
  { directory, signal, log }: RenewOptions,
): Promise<void> {
  let served = "";
  let refused = "";
  while (!signal.aborted) {
    const pair = readCertificatePair(directory);
    if (pair.ok && pair.pem !== served) {
      const problem = await replaceCertificate(socket, pair.pem);
      if (problem === undefined) {
        served = pair.pem;
        refused = "";
        log("info", "the mounted certificate is served", { expires: pair.expires });
      } else report(problem);
    } else if (!pair.ok) report(pair.message);
    else refused = "";
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }

  function report(message: string): void {
    if (message !== refused)
      log("error", "the mounted certificate is refused, the previous one is served", {
        why: message,
      });
    refused = message;
  }
}

const TRANSACTION_OPEN: readonly string[] = [
  `Transaction created for certificate ${CERTIFICATE_NAME}!`,
  `Transaction updated for certificate ${CERTIFICATE_NAME}!`,
];

/** The lines before it are warnings. */
function lastLine(reply: string): string {
  return reply.slice(reply.lastIndexOf("\n") + 1);
}

/** Undefined, or why it was not taken. */
async function replaceCertificate(socket: RuntimeSocket, pem: string): Promise<string | undefined> {
  // An empty line ends the payload.
  const payload = pem.replace(/\n\s*\n/g, "\n").trimEnd();
  try {
    const set = await socket.command(`set ssl cert ${CERTIFICATE_NAME} <<\n${payload}\n`);
    if (!TRANSACTION_OPEN.includes(lastLine(set))) return `HAProxy replied '${set}'`;
    const commit = await socket.command(`commit ssl cert ${CERTIFICATE_NAME}`);
    if (lastLine(commit) === "Success!") return undefined;
    await socket.command(`abort ssl cert ${CERTIFICATE_NAME}`);
    return `HAProxy replied '${commit}'`;
  } catch (error) {
    return explainError(error);
  }
}
