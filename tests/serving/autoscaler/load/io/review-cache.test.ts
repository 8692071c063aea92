// How many reviews the API server is asked for.
import assert from "node:assert/strict";
import type { Authentication } from "../../../../../serving/autoscaler/load/io/authenticate-router";
import { cacheReviews } from "../../../../../serving/autoscaler/load/io/review-cache";

const GOOD: Authentication = { ok: true, pod: { name: "fe-1", uid: "1" } };

describe("cacheReviews", () => {
  let nowMs: number;
  let reviewed: string[];
  let answer: (token: string) => Promise<Authentication>;
  const review = (token: string) => {
    reviewed.push(token);
    return answer(token);
  };
  let authenticate: typeof review;
  beforeEach(() => {
    [nowMs, reviewed] = [1_000, []];
    answer = () => Promise.resolve(GOOD);
    authenticate = cacheReviews(review, () => nowMs);
  });

  it("asks once a minute for each token, good or bad", async () => {
    answer = (token) =>
      Promise.resolve(token === "good" ? GOOD : { ok: false, status: 401, message: "bad" });
    for (let second = 0; second < 59; second++) {
      assert.deepEqual(await authenticate("good"), GOOD);
      assert.equal((await authenticate("bad")).ok, false);
      nowMs += 1_000;
    }
    assert.deepEqual(reviewed, ["good", "bad"]);
    nowMs += 2_000;
    await authenticate("good");
    assert.deepEqual(reviewed, ["good", "bad", "good"]);
  });

  it("refuses more new tokens than the rate, and never one that it knows", async () => {
    await authenticate("good");
    const answers = await Promise.all(
      Array.from({ length: 800 }, (_, index) => authenticate(`token ${index}`)),
    );
    assert.equal(reviewed.length, 20);
    assert.deepEqual(answers[799], {
      ok: false,
      status: 503,
      message: "more tokens were sent than may be reviewed",
    });
    assert.deepEqual(await authenticate("good"), GOOD);
    nowMs += 1_000;
    assert.deepEqual(await authenticate("new"), GOOD);
  });

  it("keeps no review that could not be made", async () => {
    answer = () => Promise.resolve({ ok: false, status: 503, message: "the API server is away" });
    assert.equal((await authenticate("good")).ok, false);
    answer = () => Promise.reject(new Error("reset"));
    await assert.rejects(authenticate("good"), /reset/);
    answer = () => Promise.resolve(GOOD);
    assert.deepEqual(await authenticate("good"), GOOD);
  });
});
