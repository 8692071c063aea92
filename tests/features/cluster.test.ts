// The local Kubernetes on a machine of its own: comes up, serves, survives kills, and leaves nothing.
import assert from "node:assert/strict";
import type { ClusterStory } from "../support/cluster-on-own-machine";
import { runOnOwnMachine, whyNoOwnMachine } from "../support/own-machine";

describe("The local Kubernetes", function () {
  this.timeout(1_800_000);
  let result: ClusterStory;

  before(async function () {
    const why = whyNoOwnMachine();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    result = await runOnOwnMachine<ClusterStory>("cluster-on-own-machine.ts");
  });

  it("says what it does on the first run and that there is nothing to do on the second", () => {
    assert.deepEqual(result.said.first.at(-1), "The local Kubernetes is ready.");
    assert.deepEqual(result.said.second, ["The local Kubernetes is running already."]);
  });

  it("gives a LoadBalancer Service the first loopback address, where its pod answers", () => {
    assert.equal(result.address, "127.0.10.1");
    assert.equal(result.answers[0], "hello");
  });

  it("starts a killed component again by itself", () => {
    assert.equal(result.kubeletRestarts, 1);
  });

  it("comes back with its pods and addresses after its supervisor was killed", () => {
    assert.equal(
      result.said.afterKill[0],
      "The local Kubernetes was interrupted: starting it again …",
    );
    assert.equal(result.answers[1], "hello");
  });

  it("leaves processes, mounts, interfaces, namespaces, rules, sysctls, cgroups and files as they were", () => {
    assert.deepEqual(result.left, []);
  });
});
