// npm start, stop and outputs as a user mixes them, in a shell full of variables for other stacks, on a machine of their own.
import assert from "node:assert/strict";
import type { CommandsStory, Step } from "../support/commands-on-own-machine";
import { runOnOwnMachine, whyNoOwnMachine } from "../support/own-machine";

describe("The quickstart's commands", function () {
  this.timeout(3_600_000);
  let story: CommandsStory;

  before(async function () {
    const why = whyNoOwnMachine();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    story = await runOnOwnMachine<CommandsStory>("commands-on-own-machine.ts");
  });

  function step(name: string): Step {
    const found = story[name];
    assert.ok(found, `the story has no step "${name}"`);
    return found;
  }

  function succeeds(name: string, ...says: readonly RegExp[]): void {
    const { code, output } = step(name);
    assert.equal(code, 0, `${name}:\n${output}`);
    for (const words of says) assert.match(output, words, name);
  }

  /** Ends with 1 and one line, which says so. */
  function fails(name: string, says: RegExp): void {
    const { code, output } = step(name);
    assert.equal(code, 1, `${name}:\n${output}`);
    assert.match(output.trim(), says, name);
    assert.equal(output.trim().split("\n").length, 1, output);
  }

  it("end in a start that answers, whatever was before", () => {
    for (const name of Object.keys(story).filter((each) =>
      /^started (?!.*read-only|, and)/.test(each),
    ))
      succeeds(name, /^Try it:$/m);
  });

  it("end in a stop with 0, and the machine as it was before the first command", () => {
    const stops = Object.entries(story).filter(([, { left }]) => left !== undefined);
    assert.ok(stops.length >= 9, `${stops.length} stops`);
    for (const [name, { left }] of stops) {
      succeeds(name);
      assert.deepEqual(left, [], name);
    }
  });

  it("say that there is nothing to stop, and what there is no stack for", () => {
    for (const name of ["stopped when never started", "stopped again"])
      succeeds(name, /^There is no quickstart: nothing to stop\.$/m);
    for (const name of [
      "outputs of nothing",
      "outputs after the cluster went",
      "outputs without the state folder",
    ])
      fails(name, /^There is no quickstart, so it has no outputs: npm start makes it\.$/);
    succeeds(
      "preview of nothing",
      /^There is no quickstart in a running cluster: npm start makes/m,
    );
  });

  it("say in one sentence what is wrong, and what to do", () => {
    fails("a wrong argument", /^The only argument is --preview: it is --dry-run$/);
    fails("started with a read-only state folder", /^Cannot use .*read-only.* \(EROFS\): .*\.$/);
    const { code, output } = step("stopped with a kind cluster left");
    assert.equal(code, 1, output);
    assert.match(
      output,
      /^The kind cluster is left, since no Docker engine answers: start Docker/m,
    );
  });

  it("let a second start wait for the first, and find nothing to change", () => {
    succeeds("started beside another start", /^Process \d+ is starting .*; waiting for it\.$/m);
    succeeds("started beside another start", /^Nothing changed: \d+ resources are as declared\.$/m);
  });

  it("tell the outputs and a preview of what is there", () => {
    succeeds("outputs");
    const outputs = JSON.parse(step("outputs").output) as Record<string, string>;
    assert.match(outputs["scoringUri"] ?? "", /^http:\/\/127\.0\.10\.1\//);
    assert.equal(outputs["primaryKey"], "[secret]");
    succeeds("preview", /^Previewing update \(quickstart\):$/m, /^ *\d+ unchanged$/m);
  });

  it("end a start that is under way when the user stops", () => {
    succeeds(
      "stopped while a start runs",
      /^Ending the npm start that is under way \(process \d+\)/m,
    );
    assert.notEqual(step("started, and stopped meanwhile").code, 0);
  });

  it("forget the stack of a cluster that is gone", () => {
    succeeds("started after the cluster went", /^Changed: \d+ × create\.$/m);
    assert.doesNotMatch(step("stopped after the cluster was replaced").output, /Destroying/);
  });

  it("keep a stack per cluster: a given one and our own don't know of each other", () => {
    succeeds("started with another cluster given", /^Updating \(quickstart-[0-9a-f]{8}\):$/m);
    succeeds("started without it again", /^Nothing changed: /m);
    succeeds("stopped with the other given", /^Destroying \(quickstart-[0-9a-f]{8}\):$/m);
    succeeds("stopped with the other given", /^The cluster of .* is not ours: it stays\.$/m);
    succeeds("stopped with the other given again", /^There is no quickstart: nothing to stop\.$/m);
    succeeds("the other's status", /ready/);
  });

  it("install nothing to stop our own cluster, also with a broken state and record", () => {
    succeeds("stopped without the cache folder", /^The local Kubernetes is gone\.$/m);
    assert.doesNotMatch(step("stopped without the cache folder").output, /Installed|Destroying/);
  });
});
