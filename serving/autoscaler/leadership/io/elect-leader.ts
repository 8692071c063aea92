// Acquires and renews the Lease; its holder is the leader, the only autoscaler that writes.

import { collectionPath, objectPath } from "../../../../kubernetes/core/object-path";
import {
  type ApiClient,
  type ApiResponse,
  describeFailure,
} from "../../../../kubernetes/io/api-client";
import {
  decideLeadership,
  type ElectionTimes,
  mayAct,
  type ObservedLease,
  observeLease,
  pauseBeforeAttempt,
} from "../core/decide-leadership";
import { explainError, log } from "../../../../runtime/log";

interface Lease {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion?: string;
  };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface Leadership {
  /** True while the Lease covers a write that starts now. Call it before every write. */
  isLeader(): boolean;
  /** Stops the election and releases the Lease, so that the next leader need not wait for its expiry. */
  release(): Promise<void>;
}

export interface ElectionClock {
  /** Monotonic time, in milliseconds. */
  now(): number;
  /** Resolves after the time, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Attempts to acquire or renew the Lease every `renewMs`, and sooner after a renewal that failed. Does not depend on
 * other machines' clocks.
 */
export function electLeader(
  client: ApiClient,
  lease: { readonly namespace: string; readonly name: string; readonly identity: string },
  times: ElectionTimes,
  clock: ElectionClock,
): Leadership {
  const { namespace, name, identity } = lease;
  const locator = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace };
  const stop = new AbortController();
  let renewedAtMs: number | undefined;
  let observed: ObservedLease | undefined;
  /** The Lease as we wrote it last; a renewal that succeeds needs no read before it. */
  let written: Lease | undefined;
  let wasLeader = false;

  const isLeader = (): boolean => mayAct(renewedAtMs, clock.now(), times);

  async function write(current: Lease | undefined, holder: string): Promise<ApiResponse> {
    const now = new Date().toISOString().replace("Z", "000Z"); // MicroTime
    const isTransition = (current?.spec?.holderIdentity ?? "") !== holder;
    const body: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: current?.metadata ?? { name, namespace },
      spec: {
        ...current?.spec,
        holderIdentity: holder,
        leaseDurationSeconds: Math.ceil(times.expiryMs / 1000),
        renewTime: now,
        ...(isTransition && holder !== ""
          ? { acquireTime: now, leaseTransitions: (current?.spec?.leaseTransitions ?? -1) + 1 }
          : {}),
      },
    };
    return client.request({
      method: current === undefined ? "POST" : "PUT",
      path: current === undefined ? collectionPath(locator) : objectPath(locator, name),
      body,
      timeoutMs: times.requestMs,
    });
  }

  async function read(): Promise<Lease | undefined> {
    const response = await client.request({
      method: "GET",
      path: objectPath(locator, name),
      timeoutMs: times.requestMs,
    });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new Error(describeFailure(response));
    return response.body as Lease;
  }

  /** Writes the Lease again from what we wrote last; false when somebody else has written it since. */
  async function renew(own: Lease): Promise<boolean> {
    written = undefined;
    const startedAtMs = clock.now();
    const response = await write(own, identity);
    if (response.status === 409 || response.status === 404) return false;
    accept(response, startedAtMs);
    return true;
  }

  /** @param startedAtMs when the write began */
  function accept(response: ApiResponse, startedAtMs: number): void {
    if (response.status >= 300) throw new Error(describeFailure(response));
    written = response.body as Lease;
    renewedAtMs = startedAtMs;
  }

  async function attempt(): Promise<void> {
    if (written !== undefined && (await renew(written))) return;
    const current = await read();
    const startedAtMs = clock.now();
    if (current !== undefined) {
      const { resourceVersion = "" } = current.metadata;
      const record = { holder: current.spec?.holderIdentity ?? "", resourceVersion };
      observed = observeLease(observed, record, startedAtMs);
      if (decideLeadership(observed, identity, startedAtMs, times) === "wait") {
        renewedAtMs = undefined;
        return;
      }
    }
    const response = await write(current, identity);
    // 409: another candidate wrote first. The next attempt reads its record.
    if (response.status !== 409) accept(response, startedAtMs);
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const failed = await attempt().then(
        () => false,
        (error: unknown) => {
          log("warning", "acquiring or renewing the Lease failed", { why: explainError(error) });
          return true;
        },
      );
      if (isLeader() !== wasLeader) {
        wasLeader = isLeader();
        log("info", wasLeader ? "became leader" : "stopped leading", { identity });
      }
      await clock.sleep(pauseBeforeAttempt(failed, isLeader(), times), stop.signal);
    }
  }

  const running = run();
  return {
    isLeader,
    async release() {
      stop.abort();
      await running;
      if (!isLeader()) return;
      renewedAtMs = undefined;
      try {
        const current = await read();
        if (current?.spec?.holderIdentity === identity) await write(current, "");
      } catch (error) {
        log("warning", "releasing the Lease failed", { why: explainError(error) });
      }
    },
  };
}
