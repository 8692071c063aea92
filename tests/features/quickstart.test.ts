// npm start, a client of the endpoint, npm start again, npm stop: what a newcomer does, on a machine of its own.
import assert from "node:assert/strict";
import { runOnOwnMachine, whyNoOwnMachine } from "../support/own-machine";
import type { QuickstartStory } from "../support/quickstart-on-own-machine";

describe("The quickstart", function () {
  this.timeout(1_800_000);
  let story: QuickstartStory;

  before(async function () {
    const why = whyNoOwnMachine();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    story = await runOnOwnMachine<QuickstartStory>("quickstart-on-own-machine.ts");
  });

  it("ends with 0, and with predictions that equal those of the model files", () => {
    assert.equal(story.first.code, 0, story.first.output);
    assert.equal(story.first.output.match(/✓$/gm)?.length, 6, story.first.output);
    assert.doesNotMatch(story.first.output, /✗/);
  });

  it("says on the second run that nothing changed", () => {
    assert.equal(story.again.code, 0, story.again.output);
    assert.match(story.again.output, /^Nothing changed: \d+ resources are as declared\.$/m);
  });

  it("prints a command that works when pasted", () => {
    assert.equal(story.curl.code, 0);
    const predictions = JSON.parse(story.curl.output) as unknown;
    assert.ok(Array.isArray(predictions) && typeof predictions[0] === "number", story.curl.output);
  });

  it("tells its outputs, and its keys only when asked for", () => {
    const { primaryKey, secondaryKey, ...open } = story.clear;
    assert.deepEqual(
      { ...story.masked, primaryKey: "", secondaryKey: "" },
      { ...open, primaryKey: "", secondaryKey: "" },
    );
    assert.equal(story.masked["primaryKey"], "[secret]");
    assert.match(String(primaryKey), /^\w{32}$/);
    assert.notEqual(primaryKey, secondaryKey);
    assert.equal(
      story.clear["swaggerUri"],
      story.clear["scoringUri"]?.replace(/score$/, "swagger.json"),
    );
    for (const { output } of [story.first, story.again, story.stop]) {
      assert.ok(!output.includes(String(primaryKey)), "no key on the screen");
    }
  });

  it("answers 401 without a key", () => {
    assert.equal(story.withoutKey.status, 401);
    assert.equal((JSON.parse(story.withoutKey.body) as { code: string }).code, "Unauthorized");
  });

  it("gives green about a tenth of the requests", () => {
    // Of 1,000 Bernoulli trials at 10 %, fewer than 60 or more than 145 come less than once in 100,000 runs.
    assert.ok(
      (story.percent["green"] ?? 0) > 6 && (story.percent["green"] ?? 0) < 14.5,
      JSON.stringify(story.percent),
    );
  });

  it("refuses what a flood has too much, with 503 and a reason", () => {
    assert.deepEqual(Object.keys(story.flood).sort(), ["200", "503"]);
    assert.equal((JSON.parse(story.refused?.body ?? "{}") as { code: string }).code, "Overloaded");
  });

  it("leaves the machine as it was", () => {
    assert.equal(story.stop.code, 0, story.stop.output);
    assert.equal(story.stopAgain.code, 0, story.stopAgain.output);
    assert.match(story.stopAgain.output, /nothing to stop/);
    assert.deepEqual(story.left, []);
  });
});
