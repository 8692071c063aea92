// Gives HAProxy the mounted certificate again whenever it changed, without dropping a connection.
import { setTimeout as sleep } from "node:timers/promises";
import { explainError, log } from "../../../../runtime/log";
import { CERTIFICATE_NAME } from "../../haproxy/core/render-haproxy-config";
import { readCertificatePair } from "./certificate-files";
import type { RuntimeSocket } from "../../haproxy/io/runtime-socket";

/** The kubelet takes up to a minute to change a mounted Secret: looking more often than this gains nothing. */
const LOOK_MS = 2_000;

/** Runs until the signal aborts. A pair that HAProxy refuses leaves the old one serving. */
export async function renewCertificate(
  socket: RuntimeSocket,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  let given = "";
  let refused = "";
  while (!signal.aborted) {
    const pair = readCertificatePair(directory);
    if (pair.ok && pair.pem !== given) {
      const problem = await replaceCertificate(socket, pair.pem);
      if (problem === undefined) {
        given = pair.pem;
        log("info", "the certificate is in use", { expires: pair.expires });
      } else report(problem);
    } else if (!pair.ok) report(pair.message);
    else refused = "";
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }

  function report(message: string): void {
    if (message !== refused)
      log("error", "the certificate was refused, the former one serves", { why: message });
    refused = message;
  }
}

/** Undefined, or why it was not taken. */
async function replaceCertificate(socket: RuntimeSocket, pem: string): Promise<string | undefined> {
  // An empty line ends the payload.
  const payload = pem.replace(/\n\s*\n/g, "\n").trimEnd();
  try {
    const set = await socket.command(`set ssl cert ${CERTIFICATE_NAME} <<\n${payload}\n`);
    if (!/Transaction (created|updated)/.test(set)) return `HAProxy replied '${set}'`;
    const commit = await socket.command(`commit ssl cert ${CERTIFICATE_NAME}`);
    if (/Success!/.test(commit)) return undefined;
    await socket.command(`abort ssl cert ${CERTIFICATE_NAME}`);
    return `HAProxy replied '${commit}'`;
  } catch (error) {
    return explainError(error);
  }
}
