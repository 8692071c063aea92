// The CLI and its plugins killed after each event of the engine: the same command, run again, converges.
import assert from "node:assert/strict";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import { killAfterEachEvent, killAfterEvent } from "../../support/kill-after-event";
import {
  applyModel,
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
  routeIn,
  routerIn,
} from "../../support/provider-namespace";
import { expectSuccess } from "../../support/stack";

describe("provider: a command that is killed", function () {
  // Some forty commands of the CLI, each a few seconds.
  this.timeout(3_600_000);
  let namespace: ProviderNamespace;
  let stack: DeclaredStack;

  const declare = (image: string) =>
    stack.declare({
      autoscaler: autoscalerIn(namespace.name, { image }),
      router: routerIn(namespace.name),
      route: routeIn(namespace.name),
    });
  const withoutDigests = async () =>
    (await namespace.ownedObjects()).map((key) => key.replace(/-[0-9a-f]{16}$/, "-<code>"));
  const assertConverged = async () => {
    await expectSuccess(stack.up());
    await expectSuccess(stack.up("--expect-no-changes"));
    assert.deepEqual(await withoutDigests(), [
      "ConfigMap/aml-inference-autoscaler-<code>",
      "ConfigMap/aml-inference-autoscaler-release",
      "ConfigMap/aml-inference-router-<code>",
      "ConfigMap/aml-inference-router-release",
      "Deployment/aml-inference-autoscaler",
      "Deployment/aml-inference-router",
      `ModelEndpoint/${namespace.name}`,
    ]);
  };

  before(async () => {
    namespace = await openProviderNamespace();
    await applyModel(namespace);
    stack = await openDeclaredStack(namespace.kubeconfig);
    await declare("node:24");
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await namespace.close();
  });

  it("converges when an `up` that creates, then a `destroy`, is killed after each event", async () => {
    let [creating, destroying] = [true, true];
    for (let event = 1; creating || destroying; event += 1) {
      creating &&= (await killAfterEvent(stack, ["up"], event)).killed;
      await assertConverged();
      destroying &&= (await killAfterEvent(stack, ["destroy"], event)).killed;
      await expectSuccess(stack.destroy());
      assert.deepEqual(await namespace.ownedObjects(), []);
      // Three resources begin and end in both.
      assert.ok(event > 6 || (creating && destroying), `all was done after ${event} events`);
    }
  });

  it("converges when an `up` that changes is killed anywhere", async () => {
    // Two names of one image.
    const images = ["node:24", "docker.io/library/node:24"];
    await expectSuccess(stack.up());
    const events = await killAfterEachEvent(stack, ["up"], {
      prepare: () => declare(images.reverse()[0] ?? ""),
      recover: assertConverged,
    });
    assert.ok(events >= 2, `only ${events} events`);
  });
});
