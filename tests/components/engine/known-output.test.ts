// Outputs: what has a value, and what a preview cannot know.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { isKnown, valueOrUnknown } from "../../../components/engine/known-output";
import { UNKNOWN } from "../../../values/unknown";

describe("isKnown()", () => {
  it("tells what has a value from what only the update will tell, at any depth", async () => {
    assert.equal(await isKnown(pulumi.output("models")), true);
    assert.equal(await isKnown(pulumi.output(Promise.resolve({ name: "models" }))), true);
    const fromAzure: unknown = unknown;
    assert.equal(await isKnown(pulumi.output(fromAzure)), false);
    assert.equal(await isKnown(pulumi.output({ name: pulumi.output(fromAzure) })), false);
  });
});

describe("valueOrUnknown()", () => {
  it("gives the value, or what the engine takes for an unknown one", async () => {
    assert.equal(await valueOrUnknown(pulumi.secret("models")), "models");
    const fromAzure: unknown = unknown;
    assert.equal(await valueOrUnknown(pulumi.output(fromAzure as string)), UNKNOWN);
    await assert.rejects(
      valueOrUnknown(pulumi.output(Promise.reject(new Error("no cluster")))),
      /no cluster/,
    );
  });
});
