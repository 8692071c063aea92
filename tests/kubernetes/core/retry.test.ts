// Which failures deserve another attempt, and when.
import assert from "node:assert/strict";
import { isTransient, pauseBeforeRetry } from "../../../kubernetes/core/retry";

describe("isTransient()", () => {
  it("is true for an overloaded or restarting server, and for a connection that failed", () => {
    const answers = [429, 500, 502, 503, 504].map((status) => ({ status }));
    const codes = ["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN"];
    const failures = [...answers, ...codes.map((code) => ({ code }))];
    assert.deepEqual(
      failures.filter((failure) => !isTransient(failure)),
      [],
    );
  });

  it("is false for a refusal, and for a server that doesn't exist or isn't the right one", () => {
    const answers = [400, 401, 403, 404, 409, 410, 422, 501].map((status) => ({ status }));
    const codes = ["ENOTFOUND", "DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_HAS_EXPIRED", ""];
    const failures = [...answers, ...codes.map((code) => ({ code }))];
    assert.deepEqual(failures.filter(isTransient), []);
  });
});

describe("pauseBeforeRetry()", () => {
  it("doubles up to four seconds", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 50].map((nth) => pauseBeforeRetry(nth, { code: "EPIPE" }));
    assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 4000, 4000]);
  });

  it("is what the server asks for", () => {
    assert.equal(pauseBeforeRetry(3, { status: 429, retryAfterMs: 7000 }), 7000);
    assert.equal(pauseBeforeRetry(3, { status: 429, retryAfterMs: undefined }), 1000);
  });
});
