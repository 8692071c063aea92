// The CLI and its plugins killed after each event of the engine: the same command, run again, converges.
import assert from "node:assert/strict";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import { killAfterEvent } from "../../support/kill-after-event";
import {
  applyModel,
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
  routeIn,
  routerIn,
} from "../../support/provider-namespace";
import { expectSuccess } from "../../support/stack";

interface Lane {
  readonly namespace: ProviderNamespace;
  readonly stack: DeclaredStack;
}

/** A stack that deploys to a namespace of its own. */
async function openLane(): Promise<Lane> {
  const namespace = await openProviderNamespace();
  await applyModel(namespace);
  const lane = { namespace, stack: await openDeclaredStack(namespace.kubeconfig) };
  await declare(lane, "node:24");
  return lane;
}

const declare = ({ namespace, stack }: Lane, image: string) =>
  stack.declare({
    autoscaler: autoscalerIn(namespace.name, { image }),
    router: routerIn(namespace.name),
    route: routeIn(namespace.name),
  });

async function assertConverged({ namespace, stack }: Lane): Promise<void> {
  await expectSuccess(stack.up());
  await expectSuccess(stack.up("--expect-no-changes"));
  const objects = await namespace.ownedObjects();
  assert.deepEqual(
    objects.map((key) => key.replace(/-[0-9a-f]{16}$/, "-<code>")),
    [
      "ConfigMap/aml-inference-autoscaler-<code>",
      "ConfigMap/aml-inference-autoscaler-release",
      "ConfigMap/aml-inference-router-<code>",
      "ConfigMap/aml-inference-router-release",
      "Deployment/aml-inference-autoscaler",
      "Deployment/aml-inference-router",
      `ModelEndpoint/${namespace.name}`,
    ],
  );
}

describe("provider: a command that is killed", function () {
  // Some forty commands of the CLI, each a few seconds.
  this.timeout(3_600_000);
  let lanes: readonly Lane[] = [];

  /**
   * Tells the story after the command's first event, its second and so on, until nothing was killed; the lanes take
   * turns, and run side by side. The result is how often something was killed.
   */
  const afterEachEvent = async (story: (lane: Lane, event: number) => Promise<boolean>) => {
    const counts = await Promise.all(
      lanes.map(async (lane, index) => {
        let count = 0;
        for (let event = index + 1; await story(lane, event); event += lanes.length) count += 1;
        return count;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };

  before(async () => {
    lanes = [await openLane(), await openLane()];
  });
  after(async () => {
    for (const { stack, namespace } of lanes) {
      await expectSuccess(stack.destroy());
      await stack.close();
      await namespace.close();
    }
  });

  it("converges when an `up` that creates, then a `destroy`, is killed after each event", async () => {
    const kills = await afterEachEvent(async (lane, event) => {
      const { stack, namespace } = lane;
      const creation = await killAfterEvent(stack, ["up"], event);
      await assertConverged(lane);
      const destruction = await killAfterEvent(stack, ["destroy"], event);
      await expectSuccess(stack.destroy());
      assert.deepEqual(await namespace.ownedObjects(), []);
      // Three resources begin and end in both.
      assert.ok(
        event > 6 || (creation.killed && destruction.killed),
        `all was done after ${event} events`,
      );
      return creation.killed || destruction.killed;
    });
    assert.ok(kills >= 6, `killed after ${kills} events only`);
  });

  it("converges when an `up` that changes is killed anywhere", async () => {
    for (const { stack } of lanes) await expectSuccess(stack.up());
    // Two names of one image.
    const images = new Map(lanes.map((lane) => [lane, ["node:24", "docker.io/library/node:24"]]));
    const kills = await afterEachEvent(async (lane, event) => {
      await declare(lane, images.get(lane)?.reverse()[0] ?? "");
      const { killed } = await killAfterEvent(lane.stack, ["up"], event);
      if (killed) await assertConverged(lane);
      return killed;
    });
    assert.ok(kills >= 2, `killed after ${kills} events only`);
  });
});
