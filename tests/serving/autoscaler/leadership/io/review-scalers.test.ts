// Which Leases count as those of autoscalers, and how often the API server is asked.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { cacheScalers } from "../../../../../serving/autoscaler/leadership/io/review-scalers";

describe("cacheScalers()", () => {
  let nowMs: number;
  let reviewed: string[];
  let answers: Map<string, boolean | Error>;
  let autoscalersIn: ReturnType<typeof cacheScalers>;
  /** What is known after so many ticks of the control loop. */
  const after = async (ticks: number, namespaces: readonly string[]) => {
    for (let tick = 0; tick < ticks; tick++) {
      autoscalersIn(namespaces);
      await turn();
      nowMs += 100;
    }
    return [...autoscalersIn(namespaces)];
  };
  beforeEach(() => {
    [nowMs, reviewed, answers] = [0, [], new Map([["real", true]])];
    const review = (namespace: string) => {
      reviewed.push(namespace);
      const answer = answers.get(namespace) ?? false;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    autoscalersIn = cacheScalers(review, () => nowMs);
  });

  it("counts a namespace once its review says so, and asks once a minute", async () => {
    assert.deepEqual([...autoscalersIn(["tenant", "real"])], []);
    assert.deepEqual(await after(300, ["tenant", "real"]), ["real"]);
    assert.deepEqual(reviewed, ["tenant", "real"]);
    answers.set("real", false);
    assert.deepEqual(await after(320, ["tenant", "real"]), []);
  });

  it("asks about one at a time, ten in a second, a new one before those that it knows", async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `tenant-${index}`);
    await after(900, many);
    assert.ok(reviewed.length <= 901, `${reviewed.length} reviews`);
    assert.deepEqual(await after(3, [...many.slice(0, 900), "real"]), ["real"]);
  });

  it("keeps what it knows while the API server can't tell, and asks again soon", async () => {
    await after(2, ["real", "new"]);
    const away = new Error("away");
    answers.set("real", away).set("new", away);
    assert.deepEqual(await after(700, ["real", "new"]), ["real"]);
    answers.set("new", true);
    assert.deepEqual(await after(700, ["real", "new"]), ["real", "new"]);
  });

  it("forgets a namespace whose Lease is gone", async () => {
    await after(2, ["real"]);
    autoscalersIn([]);
    assert.deepEqual([...autoscalersIn(["real"])], []);
  });
});
