// Takes a mounted certificate into use, and again whenever it changed.
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../runtime/log";
import type { CertificatePair, MountedFiles } from "./certificate-pair";

/** Milliseconds between two reads of the files; the kubelet itself takes up to a minute to change them. */
const POLL_MS = 2_000;

export interface FollowOptions<T extends CertificatePair> {
  readonly read: () => MountedFiles<T>;
  /** Undefined, or why the files were not taken. */
  readonly use: (files: T) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Runs until the signal aborts. After files that are refused the previous ones are still served, which is logged once. */
export async function followCertificate<T extends CertificatePair>(
  options: FollowOptions<T>,
): Promise<void> {
  const { read, use, signal, log } = options;
  let served = "";
  let refused = "";
  while (!signal.aborted) {
    const mounted = read();
    const text = mounted.ok ? JSON.stringify(mounted.files) : "";
    if (mounted.ok && text !== served) {
      const problem = await use(mounted.files);
      if (problem === undefined) {
        served = text;
        refused = "";
        log("info", "the mounted certificate is served", { expires: mounted.expires });
      } else report(problem);
    } else if (!mounted.ok) report(mounted.message);
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
