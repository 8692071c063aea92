// Replaces the certificate that HAProxy serves whenever the mounted one changed; no connection is dropped.
import {
  type CertificatePair,
  readCertificatePair,
} from "../../../../kubernetes/io/certificate-pair";
import { followCertificate } from "../../../../kubernetes/io/follow-certificate";
import { explainError, type Log } from "../../../../runtime/log";
import { CERTIFICATE_NAME } from "../../haproxy/core/names";
import type { RuntimeSocket } from "../../haproxy/io/runtime-socket";

export interface RenewOptions {
  /** Folder of the mounted Secret. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Runs until the signal aborts. After a pair that is refused the previous one is still served. */
export function renewCertificate(
  socket: RuntimeSocket,
  { directory, signal, log }: RenewOptions,
): Promise<void> {
  const use = (pair: CertificatePair) => replaceCertificate(socket, pair);
  return followCertificate({ read: () => readCertificatePair(directory), use, signal, log });
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
async function replaceCertificate(
  socket: RuntimeSocket,
  { cert, key }: CertificatePair,
): Promise<string | undefined> {
  // An empty line ends the payload.
  const payload = `${cert.trim()}\n${key.trim()}`.replace(/\n\s*\n/g, "\n");
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
