// An HTTPS server that takes clients of its own authority only, with certificates that may change while it runs.

import { constants } from "node:crypto";
import type { RequestListener } from "node:http";
import { createServer, type Server, type ServerOptions } from "node:https";
import { type MutualTlsFiles, readMutualTls } from "../../../../kubernetes/io/certificate-pair";
import { followCertificate } from "../../../../kubernetes/io/follow-certificate";
import { explainError, log } from "../../../../runtime/log";

/** Milliseconds for a handshake of which nothing comes. */
const HANDSHAKE_MS = 5_000;

/** Each time with all settings: Node keeps none when the files change. Sessions aren't resumed, so each shows its certificate. */
const contextOf = (files: MutualTlsFiles) =>
  ({ ...files, minVersion: "TLSv1.3", secureOptions: constants.SSL_OP_NO_TICKET }) as const;

/**
 * Throws when the folder has no certificate that can be served. Later on, one that can't be leaves the former in use.
 * @param signal ends the watch of the folder
 */
export function createSecureServer(
  directory: string,
  options: ServerOptions,
  listener: RequestListener,
  signal: AbortSignal,
): Server {
  const mounted = readMutualTls(directory);
  if (!mounted.ok) throw new Error(mounted.message);
  const mutual = { requestCert: true, rejectUnauthorized: true, handshakeTimeout: HANDSHAKE_MS };
  const server = createServer({ ...contextOf(mounted.files), ...mutual, ...options }, listener);
  const use = (files: MutualTlsFiles) => {
    try {
      server.setSecureContext(contextOf(files));
      return Promise.resolve(undefined);
    } catch (error) {
      return Promise.resolve(explainError(error));
    }
  };
  void followCertificate({ read: () => readMutualTls(directory), use, signal, log });
  return server;
}
