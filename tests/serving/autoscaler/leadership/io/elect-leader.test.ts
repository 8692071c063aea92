// The election over a real connection, on a clock that moves only when somebody waits.

import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { ApiClient } from "../../../../../kubernetes/io/api-client";
import { ELECTION_TIMES } from "../../../../../serving/autoscaler/leadership/core/decide-leadership";
import {
  electLeader,
  type Leadership,
} from "../../../../../serving/autoscaler/leadership/io/elect-leader";
import { setUpApiServer } from "../../../../support/api-server";

const LEASE = { namespace: "aml", name: "scaler", identity: "a" };
const { renewMs, requestMs, deadlineMs } = ELECTION_TIMES;

interface Lease {
  metadata: { resourceVersion?: string };
  spec: { holderIdentity: string };
}

describe("electLeader()", () => {
  let client: ApiClient;
  let lease: Lease | undefined;
  let version: number;
  let nowMs: number;
  let asked: string[];
  /** Milliseconds of silence before the connection breaks, for each of the next requests; 0: it is answered. */
  let silences: number[];

  /** Reads, creates and replaces the Lease as an API server does. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const silenceMs = silences.shift() ?? 0;
    nowMs += silenceMs;
    asked.push(request.method ?? "");
    if (silenceMs > 0) return void request.socket.destroy();
    if (request.method === "GET") {
      return void response
        .writeHead(lease === undefined ? 404 : 200)
        .end(JSON.stringify(lease ?? {}));
    }
    const given = JSON.parse(body) as Lease;
    if (given.metadata.resourceVersion !== lease?.metadata.resourceVersion) {
      return void response.writeHead(409).end("{}");
    }
    version += 1;
    lease = { ...given, metadata: { ...given.metadata, resourceVersion: String(version) } };
    response.end(JSON.stringify(lease));
  }

  setUpApiServer(answer, (started) => ({ client } = started));
  beforeEach(() => {
    lease = undefined;
    version = nowMs = 0;
    asked = [];
    silences = [];
  });

  /**
   * Takes part for so many pauses; `onPause` is called at the beginning of each, with what the candidate thinks.
   * @returns whether it led at the end of each pause, when the next attempt begins
   */
  async function elect(pauses: number, onPause: () => void = () => undefined): Promise<boolean[]> {
    const led: boolean[] = [];
    const { promise: over, resolve: end } = Promise.withResolvers<undefined>();
    const leadership: Leadership = electLeader(client, LEASE, ELECTION_TIMES, {
      now: () => nowMs,
      async sleep(ms, signal) {
        onPause();
        nowMs += ms;
        led.push(leadership.isLeader());
        if (led.length < pauses) return;
        end(undefined);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    await over;
    await leadership.release();
    return led;
  }

  it("acquires a Lease that doesn't exist, and renews it by one request each time", async () => {
    assert.deepEqual(await elect(3), [true, true, true]);
    // Read, created, renewed twice; then released.
    assert.deepEqual(asked, ["GET", "POST", "PUT", "PUT", "GET", "PUT"]);
    assert.equal(lease?.spec.holderIdentity, "");
  });

  it("leads on when one renewal times out, and renews before its deadline", async () => {
    silences = [0, 0, requestMs];
    const atPauses: number[] = [];
    assert.deepEqual(await elect(3, () => atPauses.push(nowMs)), [true, true, true]);
    const [, failedAtMs = 0, renewedAtMs = 0] = atPauses;
    assert.equal(failedAtMs, renewMs + requestMs);
    assert.ok(renewedAtMs < deadlineMs);
  });

  it("stops leading when all renewals fail until its deadline", async () => {
    silences = [0, 0, ...Array<number>(20).fill(requestMs)];
    const led = await elect(4);
    assert.equal(led[0], true);
    assert.ok(nowMs >= deadlineMs);
    assert.equal(led.at(-1), false);
  });

  it("notices at its next renewal that another one holds the Lease", async () => {
    let pauses = 0;
    const led = await elect(3, () => {
      pauses += 1;
      if (pauses === 1) {
        lease = { metadata: { resourceVersion: "other" }, spec: { holderIdentity: "b" } };
      }
    });
    assert.deepEqual(led, [true, false, false]);
    assert.equal(lease?.spec.holderIdentity, "b");
  });
});
