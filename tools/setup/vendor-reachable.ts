// Finds out, once per run, whether Pulumi's download site can be reached from here.
import { connect } from "node:net";

/** Where the vendor's CLI and plugins come from. */
export const vendorHost = "get.pulumi.com";

const connectTimeoutMs = 1_500;
let remembered: Promise<boolean> | undefined;

/**
 * Whether a connection to {@link vendorHost} opens within 1.5 s. Behind a proxy (HTTPS_PROXY) only a real
 * download can tell, so the answer is yes.
 */
export function isVendorReachable(): Promise<boolean> {
  remembered ??= isBehindProxy() ? Promise.resolve(true) : opensConnection();
  return remembered;
}

function isBehindProxy(): boolean {
  return (process.env["HTTPS_PROXY"] ?? process.env["https_proxy"] ?? "") !== "";
}

function opensConnection(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: vendorHost, port: 443, timeout: connectTimeoutMs });
    const answer = (reachable: boolean) => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once("connect", () => {
      answer(true);
    });
    socket.once("timeout", () => {
      answer(false);
    });
    socket.once("error", () => {
      answer(false);
    });
    // The timeout above starts only after the name is resolved.
    setTimeout(answer, 2 * connectTimeoutMs, false).unref();
  });
}
