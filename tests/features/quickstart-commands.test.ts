// npm start, stop and outputs as a user mixes them, in a shell full of variables for other stacks, on machines of their own.
import assert from "node:assert/strict";
import type { CommandsStory, Round } from "../support/commands-on-own-machine";
import { runOnOwnMachine, whyNoOwnMachine } from "../support/own-machine";

const NOTHING = /^There is no quickstart: nothing to stop\.$/m;
const NO_OUTPUTS = /^There is no quickstart, so it has no outputs: npm start makes it\.$/;

/** The tests of one round of commands; they all hold what is true of every round. */
function describeRound(title: string, round: Round, tests: (told: Told) => void): void {
  describe(`The quickstart's commands, ${title}`, function () {
    this.timeout(3_600_000);
    const told = new Told();

    before(async function () {
      const why = whyNoOwnMachine();
      if (why !== undefined) {
        console.log(`    skipped: ${why}`);
        this.skip();
      }
      told.story = await runOnOwnMachine<CommandsStory>("commands-on-own-machine.ts", round);
    });

    it("leave the machine after a stop as it was before the first command", () => {
      const stops = Object.entries(told.story).filter(([, { left }]) => left !== undefined);
      assert.notEqual(stops.length, 0);
      for (const [name, { left }] of stops) {
        told.succeeds(name);
        assert.deepEqual(left, [], name);
      }
    });

    tests(told);
  });
}

/** What a story told. */
class Told {
  story: CommandsStory = {};

  output(name: string): string {
    return this.story[name]?.output ?? assert.fail(`the story has no step "${name}"`);
  }

  succeeds(name: string, ...says: readonly RegExp[]): void {
    const output = this.output(name);
    assert.equal(this.story[name]?.code, 0, `${name}:\n${output}`);
    for (const words of says) assert.match(output, words, name);
  }

  /** Ends with 1; the last line says so. */
  fails(name: string, says: RegExp): void {
    const output = this.output(name).trim();
    assert.equal(this.story[name]?.code, 1, `${name}:\n${output}`);
    assert.match(output.split("\n").at(-1) ?? "", says, name);
  }

  /** An `npm start` to its end: the endpoint answers. */
  starts(name: string, ...says: readonly RegExp[]): void {
    this.succeeds(name, /^Try it:$/m, ...says);
  }
}

describeRound("with nothing there", "nothingThere", (told) => {
  it("say that there is nothing to stop, to show or to preview", () => {
    told.succeeds("stopped when never started", NOTHING);
    told.fails("outputs of nothing", NO_OUTPUTS);
    told.succeeds(
      "preview of nothing",
      /^There is no quickstart in a running cluster: npm start /m,
    );
  });

  it("say in one sentence what is wrong, and what to do", () => {
    told.fails("a wrong argument", /^The only argument is --preview: it is --dry-run$/);
    const readOnly = /^Cannot use .*\/read-only\/.* \(EROFS\): the file system is read-only: /;
    told.fails("started with a read-only state folder", readOnly);
    const kind = /^The kind cluster is left, since no Docker engine answers: start Docker and /;
    told.fails("stopped with a kind cluster left", kind);
  });
});

describeRound("with the cluster taken down beside them", "clusterGone", (told) => {
  it("finish what a killed start began", () => told.starts("started before the cluster went"));

  it("let a second start wait for the first, and find nothing to change", () => {
    const waits = /^Process \d+ is starting or stopping the quickstart; waiting for it\.$/m;
    told.starts("started beside another start", waits, /^Nothing changed: \d+ resources are /m);
  });

  it("tell the outputs and a preview of what is there", () => {
    told.succeeds("outputs");
    const outputs = JSON.parse(told.output("outputs")) as Record<string, string>;
    assert.match(outputs["scoringUri"] ?? "", /^http:\/\/127\.0\.10\.1\//);
    assert.equal(outputs["primaryKey"], "[secret]");
    told.succeeds("preview", /^Previewing update \(quickstart\):$/m, /^ *\d+ unchanged$/m);
  });

  it("forget the stack of a cluster that is gone", () => {
    told.fails("outputs after the cluster went", NO_OUTPUTS);
    told.starts("started after the cluster went", /^Changed: \d+ × create\.$/m);
    const { output } = told.story["stopped after the cluster was replaced"] ?? { output: "" };
    assert.match(output, /^The local Kubernetes is gone\.$/m);
    assert.doesNotMatch(output, /Destroying/);
  });

  it("end a start that is under way when the user stops, and have nothing to stop then", () => {
    const ends = /^Ending the npm start that is under way \(process \d+\) …$/m;
    told.succeeds("stopped while a start runs", ends);
    assert.notEqual(told.story["started, and stopped meanwhile"]?.code, 0);
    told.succeeds("stopped again", NOTHING);
  });
});

describeRound("with another cluster given, and folders gone", "anotherCluster", (told) => {
  it("finish what a killed start began", () =>
    told.starts("started after a start that was killed"));

  it("take over what is in the cluster when the state folder is gone", () => {
    told.fails("outputs without the state folder", NO_OUTPUTS);
    told.starts("started without the state folder");
  });

  it("keep a stack per cluster: a given one and our own don't know of each other", () => {
    const [updates, destroys] = [
      /^Updating \(quickstart-[0-9a-f]{8}\):$/m,
      /^Destroying \(quickstart-[0-9a-f]{8}\):$/m,
    ];
    told.starts("started with another cluster given", updates);
    told.starts("started without it again", /^Nothing changed: /m);
    const stays = /^The cluster of .* is not ours: it stays\.$/m;
    told.succeeds("stopped with the other given", destroys, stays);
    told.succeeds("stopped with the other given again", NOTHING);
    told.succeeds("the other's status", /ready/);
  });

  it("install nothing to stop our own cluster, also with a broken state and record", () => {
    told.succeeds("stopped without the cache folder", /^The local Kubernetes is gone\.$/m);
    assert.doesNotMatch(told.output("stopped without the cache folder"), /Installed|Destroying/);
  });
});

/** Set to 1, a start is killed at each of its stages: four more starts and stops. */
if (process.env["AML_INFERENCE_EACH_STAGE"] === "1") {
  describeRound("killed and stopped at each stage of a start", "kills", (told) => {
    it("stop with 0", () => {
      for (const name of Object.keys(told.story)) told.succeeds(name);
    });
  });
}
