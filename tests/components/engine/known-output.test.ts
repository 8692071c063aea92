// Outputs: what has a value, and what a preview cannot know.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { isKnown } from "../../../components/engine/known-output";

describe("isKnown()", () => {
  it("tells what has a value from what only the update will tell, at any depth", async () => {
    assert.equal(await isKnown(pulumi.output("models")), true);
    assert.equal(await isKnown(pulumi.output(Promise.resolve({ name: "models" }))), true);
    const fromAzure: unknown = unknown;
    assert.equal(await isKnown(pulumi.output(fromAzure)), false);
    assert.equal(await isKnown(pulumi.output({ name: pulumi.output(fromAzure) })), false);
  });
});
