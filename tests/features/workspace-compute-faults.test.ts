// WorkspaceCompute when Azure fails: every kind of fault at every call of a create, an update, a look and a delete.
import assert from "node:assert/strict";
import { type WorkspaceComputeOutputs } from "../../provider/workspace-compute/operations";
import { type FaultKind, faultKinds, valueAt } from "../../tools/standins/azure";
import { makePair } from "../support/certificate-pair";
import {
  attachments,
  clusterIn,
  create,
  edit,
  inputsOf,
  openWorld,
  plantCompute,
  SUBSCRIPTION,
  upAgain,
  workspaceId,
  type World,
} from "../support/workspace-world";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const MOMENTS = ["before", "after"] as const;

/** The one attachment, which the state describes. */
function assertEqualToWorld(world: World, outs: WorkspaceComputeOutputs): void {
  const [compute, ...others] = attachments(world);
  assert.deepEqual(others, []);
  assert.equal(compute?.id, outs.computeId);
  assert.equal(valueAt(compute.body, "properties.provisioningState"), outs.provisioningState);
  assert.equal(valueAt(compute.body, "properties.properties.namespace"), outs.namespace);
  assert.deepEqual(valueAt(compute.body, "tags"), outs.tags ?? {});
}

/** Runs the work with one fault ahead of it. */
type Struck = <T>(work: () => Promise<T>) => Promise<T>;

/** Strikes the first call of the work, then the second, until it needs no more calls; gives the number of strikes. */
async function strikeEachCall(
  world: World,
  kind: FaultKind,
  moment: (typeof MOMENTS)[number],
  story: (struck: Struck) => Promise<void>,
): Promise<number> {
  for (let position = 1, left = 0; ; position += 1) {
    world.reset();
    await story(async (work) => {
      world.azure.faults.set([{ kind, position, moment }]);
      const result = await work();
      left = world.azure.faults.left;
      world.azure.faults.set([]);
      return result;
    });
    if (left > 0) return position - 1;
  }
}

describe("WorkspaceCompute goes through", () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  for (const kind of faultKinds) {
    for (const moment of MOMENTS) {
      const when = `${kind} ${moment} each call`;

      it(`a create with ${when}, and makes one attachment`, async () => {
        const count = await strikeEachCall(world, kind, moment, async (struck) => {
          assertEqualToWorld(world, await struck(() => create(world)));
        });
        assert.ok(count >= 9, `struck ${count} calls only`);
      });

      it(`an update with ${when}`, async () => {
        const args = { tags: { team: "ml" } };
        const count = await strikeEachCall(world, kind, moment, async (struck) => {
          const olds = await create(world);
          const news = await inputsOf(world.operations, args);
          const changed = await struck(() => world.operations.update(olds.computeId, olds, news));
          assertEqualToWorld(world, changed.outs);
          assert.equal((await upAgain(world, changed.outs, args)).changed, false);
        });
        assert.ok(count >= 5, `struck ${count} calls only`);
      });

      it(`a look at what is live with ${when}`, async () => {
        const count = await strikeEachCall(world, kind, moment, async (struck) => {
          const outs = await create(world);
          const seen = await struck(() => world.operations.read(outs.computeId, outs));
          assert.deepEqual(seen.props, outs);
        });
        assert.equal(count, 1);
      });

      it(`a detach with ${when}, and keeps the cluster`, async () => {
        const count = await strikeEachCall(world, kind, moment, async (struck) => {
          const outs = await create(world);
          await struck(() => world.operations.delete(outs.computeId, outs));
          assert.deepEqual(attachments(world), []);
          assert.equal(world.azure.store.list(CLUSTERS).length, 4);
        });
        assert.ok(count >= 4, `struck ${count} calls only`);
      });
    }
  }

  it("several faults in a row, one of each kind", async () => {
    world.reset();
    world.azure.faults.set(
      faultKinds.map((kind, index) => ({ kind, position: 1 + 2 * index, moment: "after" })),
    );
    assertEqualToWorld(world, await create(world));
    assert.equal(world.azure.faults.left, 0);
  });

  it("a server that takes a call and never answers", async function () {
    this.timeout(60_000);
    const silent = await openWorld({ silenceMs: 600_000 });
    try {
      silent.azure.faults.set([{ kind: "timeout", position: 5, moment: "after" }]);
      assertEqualToWorld(silent, await create(silent));
      assert.equal(silent.azure.faults.left, 0);
    } finally {
      await silent.close();
    }
  });

  it("throttling that goes on for longer than the vendor's client repeats by itself", async () => {
    world.reset();
    world.azure.faults.set(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((position) => ({ kind: "429", position })),
    );
    assertEqualToWorld(world, await create(world));
    assert.equal(world.azure.faults.left, 0);
  });
});

describe("WorkspaceCompute, cut off after any call,", () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  /** A run that loses Azure for good after some calls, as one that is killed; says whether it came so far. */
  async function cutOff(work: () => Promise<unknown>, calls: number): Promise<boolean> {
    const rest = Array.from({ length: 40 }, (_, index) => index + calls + 1);
    world.azure.faults.set(rest.map((position) => ({ kind: "reset", position })));
    const isCut = await work().then(
      () => false,
      () => true,
    );
    world.azure.faults.set([]);
    return isCut;
  }

  it("leaves what the next create finishes: one attachment", async () => {
    let cuts = 0;
    for (let calls = 1, isCut = true; isCut; calls += 1) {
      world.reset();
      const inputs = await inputsOf(world.operations);
      isCut = await cutOff(() => world.another().create(inputs), calls);
      if (isCut) cuts += 1;
      assertEqualToWorld(world, await create(world));
    }
    assert.ok(cuts >= 8, `cut ${cuts} times only`);
  });

  it("leaves what the next update and the next detach finish", async () => {
    let cuts = 0;
    for (let calls = 1, isCut = true; isCut; calls += 1) {
      world.reset();
      const outs = await create(world);
      const args = { namespace: "serving", tags: { team: "ml" } };
      const news = await inputsOf(world.operations, args);
      isCut = await cutOff(() => world.another().update(outs.computeId, outs, news), calls);
      const changed = await upAgain(world, outs, args);
      assertEqualToWorld(world, changed.outs);
      const isCutAgain = await cutOff(
        () => world.another().delete(outs.computeId, changed.outs),
        calls,
      );
      isCut ||= isCutAgain;
      if (isCut) cuts += 1;
      await world.operations.delete(outs.computeId, changed.outs);
      assert.deepEqual(attachments(world), []);
    }
    assert.ok(cuts >= 4, `cut ${cuts} times only`);
  });
});

describe("WorkspaceCompute, while its first attachment is broken by another,", () => {
  it("refuses both ways and changes neither", async () => {
    const world = await openWorld();
    try {
      const outs = await create(world);
      const second = `${workspaceId}/computes/second`;
      plantCompute(world, { computeType: "Kubernetes" }, { name: "second" });
      edit(world, "properties.provisioningState", "Failed");
      const message = new RegExp(`attached already, as ${second}`);
      await assert.rejects(upAgain(world, outs), { message });
      await assert.rejects(create(world), { message });
      assert.equal(attachments(world).length, 2);
      await world.operations.delete(outs.computeId, outs);
      assert.deepEqual(
        attachments(world).map(({ id }) => id),
        [second],
      );
    } finally {
      await world.close();
    }
  });
});

describe("What WorkspaceCompute says when Azure quotes a secret", () => {
  it("has neither key nor certificate in it", async () => {
    const world = await openWorld();
    try {
      const pair = await makePair("score.example.com", new Date("2099-01-01"));
      plantCompute(world, { computeType: "AKS", properties: {} });
      const inputs = await inputsOf(world.operations, {
        computeType: "AKS",
        ssl: { cname: "score.example.com", ...pair },
      });
      const id = `${workspaceId}/computes/aks-prod`;
      const begun = world.operations.create(inputs);
      while (world.azure.store.running(id).length === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const message = `The key ${pair.privateKeyPem} does not fit ${pair.certificatePem.trim()}, see ${pair.privateKeyPem.replaceAll("\n", "\\n")}`;
      world.azure.store.failRunning(id, { status: 400, code: "BadKey", message });
      const error: unknown = await begun.catch((reason: unknown) => reason);
      assert.ok(error instanceof Error);
      assert.match(error.message, /BadKey: The key \(secret\) does not fit \(secret\)/);
      const [, line = ""] = pair.privateKeyPem.split("\n");
      for (const text of [error.message, error.stack ?? "", ...world.lines]) {
        assert.ok(!text.includes(line), text);
      }
    } finally {
      await world.close();
    }
  });

  it("stays one sentence when the cluster's attachment is refused", async () => {
    const world = await openWorld();
    try {
      const clusterId = clusterIn(SUBSCRIPTION, "absent");
      await assert.rejects(create(world, { clusterId }), (error: Error) => {
        assert.doesNotMatch(`${error.message}${error.stack ?? ""}`, /\n/);
        return true;
      });
    } finally {
      await world.close();
    }
  });
});

describe("What WorkspaceCompute says when nobody is signed in", () => {
  /** As a chain of credentials fails: all of them absent, or one that was there. */
  function failedChain(names: readonly string[]): Error {
    const errors = names.map((name) => Object.assign(new Error(`${name}\nsays why`), { name }));
    const name = "AggregateAuthenticationError";
    return Object.assign(new Error("ChainedTokenCredential failed."), { name, errors });
  }

  for (const [names, message] of [
    [
      ["CredentialUnavailableError"],
      /^Can't sign in to Azure to .*: nobody is signed in: use az login/,
    ],
    [["CredentialUnavailableError", "AuthenticationError"], /: AuthenticationError says why$/],
  ] as const) {
    it(`is one sentence for ${names.join(" and ")}`, async () => {
      const world = await openWorld({}, () => Promise.reject(failedChain(names)));
      try {
        await assert.rejects(create(world), { message });
      } finally {
        await world.close();
      }
    });
  }
});
