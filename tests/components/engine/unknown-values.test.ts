// What becomes of a value that can't be known, in a preview; of an update the stories of AmlAksCluster tell.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isKnown } from "../../../components/engine/known-output";
import { unknownBecause } from "../../../components/engine/unknown-values";

class Component extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Component", "prod");
  }
}

describe("unknownBecause()", () => {
  it("is unknown in a preview, also for what is made of it", async () => {
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "project", "stack", true);
    const component = new Component();
    const kubeconfig = pulumi
      .output("prod")
      .apply((name): Promise<string> => unknownBecause(component, `cluster ${name} is missing`));
    assert.equal(await isKnown(kubeconfig), false);
    assert.equal(await isKnown(pulumi.secret(pulumi.interpolate`https://${kubeconfig}`)), false);
  });
});
