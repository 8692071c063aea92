// WorkspaceCompute's operations on a stand-in Azure: attach, take over, refuse, repair, change, drift, detach.
import assert from "node:assert/strict";
import { createHttpHeaders, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { InitFailed } from "../../../provider/engine/core/init-failed";
import { type WorkspaceComputeOutputs } from "../../../provider/workspace-compute/operations";
import { valueAt } from "../../../tools/standins/azure";
import {
  attachments,
  basics,
  clusterId,
  clusterIn,
  create,
  edit,
  inputsOf,
  openWorld,
  OTHER_SUBSCRIPTION,
  plantCompute,
  upAgain,
  workspaceId,
  workspaceIn,
  type World,
} from "../../support/workspace-world";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const computeId = `${workspaceId}/computes/aks-prod`;
const gpu = { gpu: { resources: { limits: { "nvidia.com/gpu": "1" } } } };

/** A caller without the right to list a workspace's computes, which the stand-in gives to everybody. */
function forbid(workspace: string): PipelinePolicy {
  const error = { code: "AuthorizationFailed", message: "The client has no right to read." };
  return {
    name: "forbid",
    sendRequest: async (request, next) =>
      new URL(request.url).pathname === `${workspace}/computes`
        ? {
            request,
            status: 403,
            headers: createHttpHeaders({ "content-type": "application/json" }),
            bodyAsText: JSON.stringify({ error }),
          }
        : next(request),
  };
}

describe("WorkspaceCompute of type Kubernetes", () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  beforeEach(() => world.reset());

  const live = (path: string) => valueAt(world.azure.store.get(computeId)?.body, path);

  it("attaches the cluster, and the next run changes nothing", async () => {
    const outs = await create(world, { tags: { team: "ml" }, instanceTypes: gpu });
    assert.equal(outs.computeId, computeId);
    assert.equal(outs.provisioningState, "Succeeded");
    assert.equal(live("location"), "westeurope");
    assert.equal(live("properties.properties.namespace"), "default");
    const { changed } = await upAgain(world, outs, { tags: { team: "ml" }, instanceTypes: gpu });
    assert.equal(changed, false);
    assert.equal(attachments(world).length, 1);
  });

  it("changes its properties in place, and takes out what the program no longer has", async () => {
    const first = await create(world, {
      description: "models",
      tags: { team: "ml", cost: "1" },
      instanceTypes: { ...gpu, small: {} },
      defaultInstanceType: "small",
      identity: { type: "SystemAssigned" },
    });
    edit(world, "tags.policy", "theirs");
    const second = await upAgain(world, first, {
      namespace: "serving",
      tags: { team: "data" },
      instanceTypes: gpu,
    });
    assert.equal(second.changed, true);
    assert.deepEqual(live("tags"), { team: "data", policy: "theirs" });
    assert.equal(live("properties.properties.namespace"), "serving");
    assert.deepEqual(live("properties.properties.instanceTypes"), gpu);
    assert.equal(live("properties.description"), undefined);
    assert.equal(live("properties.properties.defaultInstanceType"), undefined);
    assert.equal(live("identity.type"), "None");
    const args = { namespace: "serving", tags: { team: "data" }, instanceTypes: gpu };
    assert.equal((await upAgain(world, second.outs, args)).changed, false);
  });

  it("takes over what exists with the same properties, without a write", async () => {
    await create(world);
    world.azure.faults.set([]);
    await world.another().create(await inputsOf(world.operations));
    const writes = world.azure.faults.calls.filter(({ method }) => method !== "GET");
    assert.deepEqual(writes, []);
  });

  it("brings what exists for the same cluster to what is asked for", async () => {
    plantCompute(world, { computeType: "Kubernetes", properties: { namespace: "theirs" } });
    await create(world);
    assert.equal(live("properties.properties.namespace"), "default");
  });

  it("refuses a compute that holds another cluster, and names both", async () => {
    const other = clusterIn(basics.workspaceId.split("/")[2] ?? "", "other");
    plantCompute(world, { computeType: "Kubernetes", resourceId: other });
    await assert.rejects(create(world), (error: Error) => {
      assert.ok(error.message.includes(other) && error.message.includes(clusterId), error.message);
      assert.doesNotMatch(error.stack ?? "", /\n\s+at /);
      return true;
    });
    assert.equal(live("properties.resourceId"), other);
  });

  it("refuses a compute of another type", async () => {
    plantCompute(world, { computeType: "AKS" });
    await assert.rejects(create(world), {
      message: /exists with computeType "AKS".*give computeType "AKS" to adopt/,
    });
    plantCompute(world, { computeType: "AmlCompute", resourceId: undefined });
    await assert.rejects(create(world), { message: /"AmlCompute".*another computeName/ });
  });

  for (const [where, workspace, cluster] of [
    ["under another name", workspaceId, clusterId],
    ["in another workspace", workspaceIn(workspaceId.split("/")[2] ?? "", "second"), clusterId],
    ["in a workspace of the cluster's subscription", workspaceIn(OTHER_SUBSCRIPTION), ""],
  ] as const) {
    it(`refuses a cluster that is attached ${where}, and names the other`, async () => {
      const id = cluster === "" ? clusterIn(OTHER_SUBSCRIPTION) : cluster;
      plantCompute(
        world,
        // Azure gives ids back in the case that it likes.
        { computeType: "Kubernetes", resourceId: id.toUpperCase() },
        { name: "elsewhere", workspace },
      );
      world.azure.store.put(workspace, "Microsoft.MachineLearningServices/workspaces", {}, 0);
      const message = new RegExp(`attached already, as ${workspace}/computes/elsewhere`, "i");
      await assert.rejects(create(world, { clusterId: id }), { message });
      assert.equal(attachments(world, id).length, 0);
      assert.equal(world.azure.store.get(computeId), undefined);
    });
  }

  it("takes over the first of two attachments, and refuses the second", async () => {
    plantCompute(world, { computeType: "Kubernetes" });
    plantCompute(world, { computeType: "Kubernetes" }, { name: "second" });
    await create(world);
    assert.match(
      world.lines.join("\n"),
      /is the oldest attachment, but cluster .* is attached already, as/,
    );
    const message = new RegExp(`is attached already, as ${computeId}`);
    await assert.rejects(create(world, { computeName: "second" }), { message });
  });

  it("names what it may not look into, and goes on", async () => {
    const inputs = await inputsOf(world.operations);
    world.lines.length = 0;
    const outs = await world.another(forbid(workspaceIn(OTHER_SUBSCRIPTION))).create({
      ...inputs,
      clusterId: clusterIn(OTHER_SUBSCRIPTION),
    });
    assert.equal(outs.outs.provisioningState, "Succeeded");
    assert.match(
      world.lines.join("\n"),
      /skipped a search for other attachments: Can't list the computes of workspace "ws": AuthorizationFailed/,
    );
  });

  it("waits until a detach that is under way is over, and attaches again", async () => {
    const outs = await create(world);
    const detaching = world.another().delete(outs.computeId, outs);
    while (world.azure.store.running(computeId).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const again = await create(world);
    await detaching;
    assert.equal(again.provisioningState, "Succeeded");
    assert.equal(attachments(world).length, 1);
  });

  it("finds the other attachment on the last page of the last workspace", async () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7];
    const workspaces = numbers.map((number) => workspaceIn(OTHER_SUBSCRIPTION, `more-${number}`));
    const at = (workspace: string, number: number) => ({ workspace, name: `compute-${number}` });
    const last = workspaces.at(-1) ?? "";
    for (const id of workspaces) {
      world.azure.store.put(id, "Microsoft.MachineLearningServices/workspaces", {}, 0);
    }
    for (const number of numbers) {
      plantCompute(world, { computeType: "AmlCompute", resourceId: null }, at(last, number));
    }
    const id = clusterIn(OTHER_SUBSCRIPTION);
    plantCompute(world, { computeType: "Kubernetes", resourceId: id }, at(last, 8));
    const message = new RegExp(`attached already, as ${last}/computes/compute-8`);
    await assert.rejects(create(world, { clusterId: id }), { message });
  });

  it("leaves one attachment when two runs give it two names at the same time", async () => {
    const inputs = await Promise.all(
      ["one", "two"].map((computeName) => inputsOf(world.operations, { computeName })),
    );
    const results = await Promise.allSettled(inputs.map((each) => world.another().create(each)));
    assert.equal(attachments(world).length, 1);
    const refused = results.flatMap((each) =>
      each.status === "rejected" ? [String((each.reason as Error).message)] : [],
    );
    assert.equal(refused.length, 1);
    assert.match(refused[0] ?? "", /attached already/);
  });

  it("makes one attachment when two runs make the same at the same time", async () => {
    const inputs = await inputsOf(world.operations);
    const both = await Promise.all([1, 2].map(() => world.another().create(inputs)));
    assert.deepEqual(both[0]?.outs, both[1]?.outs);
    assert.equal(attachments(world).length, 1);
  });

  for (const state of ["Failed", "Canceled", "Unknown"]) {
    it(`repairs a compute that is ${state}, in a create as in an update`, async () => {
      const outs = await create(world);
      edit(world, "properties.provisioningState", state);
      assert.deepEqual((await world.operations.read(outs.computeId, outs)).props?.drift, {
        "compute/aks-prod": ["provisioningState"],
      });
      assert.equal((await upAgain(world, outs)).changed, true);
      assert.equal(live("properties.provisioningState"), "Succeeded");
      edit(world, "properties.provisioningState", state);
      await create(world);
      assert.equal(live("properties.provisioningState"), "Succeeded");
    });
  }

  it("waits for an interrupted create that Azure is still at work on", async () => {
    const begun = world.another().create(await inputsOf(world.operations));
    while (world.azure.store.running(computeId).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const outs = await create(world);
    assert.equal(outs.provisioningState, "Succeeded");
    await begun;
    assert.equal(attachments(world).length, 1);
  });

  it("names drift by property, and the next run heals it", async () => {
    const args = { tags: { team: "ml" }, instanceTypes: gpu, description: "models" };
    const outs = await create(world, args);
    edit(world, "properties.properties.namespace", "moved");
    edit(world, "properties.properties.instanceTypes", { gpu: {}, extra: {} });
    edit(world, "properties.description", null);
    edit(world, "tags", { team: "theirs", added: "by a policy" });
    const { props } = await world.operations.read(outs.computeId, outs);
    assert.ok(props);
    assert.deepEqual(props.drift, {
      "compute/aks-prod": [
        ...["namespace", "description", "instanceTypes.gpu", "instanceTypes.extra", "tags.team"],
      ],
    });
    assert.equal(props.namespace, "moved");
    assert.deepEqual(props.tags, { team: "theirs" });
    const { changed, outs: healed } = await upAgain(world, props, args);
    assert.equal(changed, true);
    assert.equal(live("properties.properties.namespace"), "default");
    assert.deepEqual(live("properties.properties.instanceTypes"), gpu);
    assert.equal(live("tags.team"), "ml");
    assert.deepEqual(healed, outs);
    assert.equal((await upAgain(world, healed, args)).changed, false);
  });

  it("sees and heals drift without a refresh", async () => {
    const outs = await create(world);
    edit(world, "properties.properties.namespace", "moved");
    assert.equal((await upAgain(world, outs)).changed, true);
    assert.equal(live("properties.properties.namespace"), "default");
  });

  it("does not take for drift what Azure fills in", async () => {
    const outs = await create(world);
    edit(world, "properties.properties.instanceTypes", {
      defaultinstancetype: { nodeSelector: null },
    });
    edit(world, "properties.properties.defaultInstanceType", "defaultinstancetype");
    edit(world, "properties.description", "");
    edit(world, "properties.computeLocation", "westeurope");
    edit(world, "tags", { policy: "theirs" });
    assert.deepEqual((await world.operations.read(outs.computeId, outs)).props, outs);
    assert.equal((await upAgain(world, outs)).changed, false);
  });

  it("attaches again what somebody detached, with a refresh and without", async () => {
    const outs = await create(world);
    world.azure.store.remove(computeId);
    assert.deepEqual(await world.operations.read(outs.computeId, outs), { id: "" });
    assert.equal((await upAgain(world, outs)).changed, true);
    assert.equal(attachments(world).length, 1);
  });

  it("detaches and keeps the cluster, and finds nothing to do where nothing is", async () => {
    const outs = await create(world);
    const before = world.azure.store.list(CLUSTERS).length;
    world.azure.faults.set([]);
    await world.operations.delete(outs.computeId, outs);
    await world.operations.delete(outs.computeId, outs);
    assert.equal(attachments(world).length, 0);
    assert.equal(world.azure.store.list(CLUSTERS).length, before);
    const deletes = world.azure.faults.calls.filter(({ method }) => method === "DELETE");
    assert.ok(deletes.every(({ path }) => path.includes("underlyingResourceAction=Detach")));
    world.azure.store.remove(workspaceId);
    await world.operations.delete(outs.computeId, outs);
  });

  it("leaves alone what somebody attached under its name meanwhile", async () => {
    const outs = await create(world);
    const other = clusterIn(workspaceId.split("/")[2] ?? "", "other");
    edit(world, "properties.resourceId", other);
    assert.deepEqual(await world.operations.read(outs.computeId, outs), { id: "" });
    await world.operations.delete(outs.computeId, outs);
    assert.equal(live("properties.resourceId"), other);
    edit(world, "properties", { computeType: "AKS", resourceId: clusterId });
    assert.deepEqual(await world.operations.read(outs.computeId, outs), { id: "" });
    await world.operations.delete(outs.computeId, outs);
    assert.equal(live("properties.computeType"), "AKS");
  });

  it("is replaced by another name, workspace or cluster, and detached first", async () => {
    const outs = await create(world);
    for (const [property, value] of [
      ["computeName", "other-name"],
      ["workspaceId", workspaceIn(OTHER_SUBSCRIPTION)],
      ["clusterId", clusterIn(OTHER_SUBSCRIPTION)],
    ] as const) {
      const news = await inputsOf(world.operations, { [property]: value });
      assert.deepEqual(await world.operations.diff(outs.computeId, outs, news), {
        changes: true,
        replaces: [property],
        deleteBeforeReplace: true,
      });
    }
    const same = await inputsOf(world.operations, { clusterId: clusterId.toUpperCase() });
    assert.equal((await world.operations.diff(outs.computeId, outs, same)).changes, false);
    // As the engine does it: lists may still show what was detached a moment ago.
    await world.operations.delete(outs.computeId, outs);
    const moved = await create(world, { computeName: "other-name" });
    assert.equal(moved.computeId, `${workspaceId}/computes/other-name`);
    assert.equal(attachments(world).length, 1);
  });

  it("says what Azure says when it refuses, in one sentence", async () => {
    await assert.rejects(
      create(world, { clusterId: clusterIn(workspaceId.split("/")[2] ?? "", "absent") }),
      {
        message:
          /^Can't attach compute "aks-prod" of workspace "ws": UserError: The resource '.*absent' to attach was not found\.$/,
      },
    );
    const missing = workspaceIn(workspaceId.split("/")[2] ?? "", "absent");
    await assert.rejects(create(world, { workspaceId: missing }), {
      message: /^Can't read workspace "absent": ResourceNotFound/,
    });
  });

  it("keeps in the state what an operation left behind when it ends badly, and repairs it", async () => {
    const inputs = await inputsOf(world.operations);
    const begun = world.operations.create(inputs);
    while (world.azure.store.running(computeId).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const message = "The extension\n is not on the cluster.";
    world.azure.store.failRunning(computeId, { status: 400, code: "ExtensionMissing", message });
    const error: unknown = await begun.catch((reason: unknown) => reason);
    assert.ok(error instanceof InitFailed);
    assert.equal(
      error.message,
      'Can\'t attach compute "aks-prod" of workspace "ws": ExtensionMissing: The extension is not on the cluster.',
    );
    assert.equal(error.id, computeId);
    const properties = error.properties as unknown as WorkspaceComputeOutputs;
    assert.equal((await upAgain(world, properties)).changed, true);
    assert.equal(live("properties.provisioningState"), "Succeeded");
  });

  it("gives up after timeoutMinutes, and the next run goes on", async () => {
    plantCompute(world, { computeType: "Kubernetes", provisioningState: "Creating" });
    await assert.rejects(create(world, { timeoutMinutes: 2 }), {
      message: /still Creating after timeoutMinutes/,
    });
  });

  it("counts an Azure that can't be asked as a change, and unknown inputs too", async () => {
    const outs = await create(world);
    const inputs = await inputsOf(world.operations);
    const unknown = { ...inputs, clusterId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    assert.deepEqual(await world.operations.diff(outs.computeId, outs, unknown), { changes: true });
    world.azure.faults.set([1, 2, 3, 4, 5, 6].map((position) => ({ kind: "reset", position })));
    assert.deepEqual(await world.operations.diff(outs.computeId, outs, inputs), { changes: true });
  });
});
