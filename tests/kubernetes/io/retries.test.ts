// Repeating requests, on a clock of the test's own: for how long, what ends it, and what the user hears.
import assert from "node:assert/strict";
import { type RequestFailure } from "../../../kubernetes/core/retry";
import { type Attempted, Trouble, withRetries } from "../../../kubernetes/io/retries";
import { KubeError } from "../../../kubernetes/io/kube-error";

const REFUSED: RequestFailure = { code: "ECONNREFUSED" };
const FORBIDDEN: RequestFailure = { status: 403 };

/** A server, the time, and what was printed. `down` says how a request fails at a time; undefined: it succeeds. */
function world(down: (nowMs: number) => RequestFailure | undefined, attemptMs = 0) {
  const printed: string[] = [];
  let now = 1_000_000;
  let attempts = 0;
  const trouble = new Trouble("https://server");
  const clock = {
    now: () => now,
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const startedMs = now;
  const attempt = (): Promise<Attempted<string>> => {
    attempts += 1;
    now += attemptMs;
    const failure = down(now - startedMs);
    const error = new KubeError("read x", "Other", "connect ECONNREFUSED");
    return Promise.resolve(
      failure === undefined ? { ok: true, value: "x" } : { ok: false, failure, error },
    );
  };
  return {
    printed,
    attempts: () => attempts,
    elapsedMs: () => now - startedMs,
    wait: (ms: number) => clock.sleep(ms),
    call: (patienceMs: number) =>
      withRetries(attempt, trouble, { patienceMs, clock, print: (line) => printed.push(line) }),
  };
}

describe("withRetries()", () => {
  it("repeats until the server is back, and tells the user once", async () => {
    const { call, printed, elapsedMs } = world((nowMs) => (nowMs < 20_000 ? REFUSED : undefined));
    assert.equal(await call(60_000), "x");
    assert.ok(elapsedMs() < 25_000);
    assert.deepEqual(printed, [
      "the API server at https://server doesn't answer (connect ECONNREFUSED); trying again for up to 56 s",
    ]);
  });

  it("says nothing of a hiccup", async () => {
    const { call, printed } = world((nowMs) => (nowMs < 300 ? REFUSED : undefined));
    assert.equal(await call(60_000), "x");
    assert.deepEqual(printed, []);
  });

  it("gives up in time, with the last error", async () => {
    const { call, elapsedMs } = world(() => REFUSED);
    await assert.rejects(call(60_000), /^KubeError: Can't read x: connect ECONNREFUSED$/);
    assert.ok(elapsedMs() <= 60_000 && elapsedMs() > 50_000);
  });

  it("counts a silent server's time, too", async () => {
    const { call, elapsedMs, attempts } = world(() => ({ code: "ETIMEDOUT" }), 20_000);
    await assert.rejects(call(60_000));
    assert.deepEqual([attempts(), elapsedMs() <= 80_000], [3, true]);
  });

  it("never repeats with a patience of 0, nor a refusal", async () => {
    const hurried = world(() => REFUSED);
    await assert.rejects(hurried.call(0));
    const refused = world(() => FORBIDDEN);
    await assert.rejects(refused.call(60_000));
    assert.deepEqual([hurried.attempts(), refused.attempts()], [1, 1]);
  });

  it("doesn't wait again for a server that was found down, until it answers", async () => {
    let isDown = true;
    const { call, attempts, wait, elapsedMs } = world(() => (isDown ? REFUSED : undefined));
    await assert.rejects(call(60_000));
    const before = attempts();
    for (let resource = 0; resource < 10; resource += 1) await assert.rejects(call(60_000));
    assert.ok(elapsedMs() <= 60_000 && attempts() - before < 15);
    isDown = false;
    await call(60_000);
    isDown = true;
    await wait(1_000);
    await assert.rejects(call(60_000));
    assert.ok(elapsedMs() > 110_000);
  });

  it("gives an update its time after a preview gave up, and new trouble its own", async () => {
    const { call, elapsedMs, wait } = world(() => REFUSED);
    await assert.rejects(call(5_000));
    assert.ok(elapsedMs() <= 5_000);
    await assert.rejects(call(60_000));
    assert.ok(elapsedMs() > 50_000 && elapsedMs() <= 60_000);
    await wait(600_000);
    await assert.rejects(call(60_000));
    assert.ok(elapsedMs() > 700_000);
  });

  it("gives up on one request although others succeed", async () => {
    const trouble = new Trouble("https://server");
    let now = 0;
    const clock = {
      now: () => now,
      sleep: (ms: number) => {
        now += ms;
        trouble.end();
        return Promise.resolve();
      },
    };
    const error = new KubeError("apply x", "Other", "failed calling webhook");
    const attempt = () => Promise.resolve({ ok: false, failure: { status: 500 }, error } as const);
    const options = { patienceMs: 60_000, clock, print: () => undefined };
    await assert.rejects(withRetries(attempt, trouble, options), { detail: error.detail });
    assert.ok(now <= 60_000 && now > 50_000);
  });

  it("waits as long as the server asks, unless that is too long", async () => {
    const busy = { status: 429, retryAfterMs: 30_000 };
    const { call, elapsedMs } = world((nowMs) => (nowMs < 30_000 ? busy : undefined));
    assert.equal(await call(60_000), "x");
    assert.equal(elapsedMs(), 30_000);
    const hurried = world(() => busy);
    await assert.rejects(hurried.call(5_000));
    assert.equal(hurried.elapsedMs(), 0);
  });
});
