// WorkspaceCompute of type AKS: computes of v1 are taken over, changed and let go of, never made.
import assert from "node:assert/strict";
import { type ComputeSsl } from "../../../validation/compute/compute-settings";
import { valueAt } from "../../../tools/standins/azure";
import { makePair } from "../../support/certificate-pair";
import {
  attachments,
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
const v1 = { computeType: "AKS" };
const cname = "score.example.com";

describe("WorkspaceCompute of type AKS", () => {
  let world: World;
  let [first, second]: ComputeSsl[] = [];
  before(async () => {
    world = await openWorld();
    const until = new Date("2099-01-01");
    first = { cname, ...(await makePair(cname, until)) };
    second = { cname, ...(await makePair(cname, until)) };
  });
  after(() => world.close());
  beforeEach(() => world.reset());

  const live = (path: string) =>
    valueAt(world.azure.store.get(computeId)?.body, `properties.properties.${path}`);
  const plant = (properties: object = {}, top: object = {}) => {
    const filled = { clusterPurpose: "FastProd", loadBalancerType: "PublicIp", ...properties };
    plantCompute(world, { ...v1, ...top, properties: filled });
  };
  const writes = () => world.azure.faults.calls.filter(({ method }) => method === "PUT").length;

  it("takes over what exists without a write, and the next run changes nothing", async () => {
    plant({ agentCount: 3, systemServices: null, sslConfiguration: { status: "Disabled" } });
    const args = { ...v1, clusterPurpose: "FastProd", ssl: { status: "Disabled" } };
    const outs = await create(world, args);
    assert.equal(writes(), 0);
    assert.equal(outs.isAttachedCompute, true);
    assert.equal((await upAgain(world, outs, args)).changed, false);
    assert.deepEqual((await world.operations.read(outs.computeId, outs)).props, outs);
  });

  it("refuses to make one, at the update as at the preview, and points to Kubernetes", async () => {
    const message =
      /doesn't exist, and Azure makes no new computes of type AKS: use computeType "K/;
    await assert.rejects(create(world, v1), { message });
    assert.equal(writes(), 0);
    plant();
    const outs = await create(world, v1);
    world.azure.store.remove(computeId);
    await assert.rejects(upAgain(world, outs, v1), { message });
  });

  it("changes TLS and load balancer, and keeps the rest of the body", async () => {
    plant({
      agentCount: 3,
      agentVmSize: "Standard_D3_v2",
      aksNetworkingConfiguration: { subnetId: "s" },
    });
    const outs = await create(world, v1);
    const args = {
      ...v1,
      ssl: first,
      loadBalancerType: "InternalLoadBalancer",
      loadBalancerSubnet: "lb",
    };
    const changed = await upAgain(world, outs, args);
    assert.equal(changed.changed, true);
    assert.deepEqual(live("sslConfiguration"), {
      status: "Enabled",
      cname,
      cert: first?.certificatePem,
      key: first?.privateKeyPem,
    });
    assert.equal(live("loadBalancerType"), "InternalLoadBalancer");
    assert.equal(live("loadBalancerSubnet"), "lb");
    assert.equal(live("agentCount"), 3);
    assert.equal(live("agentVmSize"), "Standard_D3_v2");
    assert.deepEqual(live("aksNetworkingConfiguration"), { subnetId: "s" });
    assert.equal((await upAgain(world, changed.outs, args)).changed, false);
    const back = await upAgain(world, changed.outs, {
      ...args,
      loadBalancerType: "PublicIp",
      loadBalancerSubnet: null,
    });
    assert.equal(back.changed, true);
    assert.equal(live("loadBalancerType"), "PublicIp");
    assert.equal(live("loadBalancerSubnet"), undefined);
  });

  it("takes a certificate that Azure doesn't give back for no drift, and a new one for a change", async () => {
    plant();
    const args = { ...v1, ssl: first };
    const outs = await create(world, args);
    assert.deepEqual((await world.operations.read(outs.computeId, outs)).props, outs);
    assert.equal((await upAgain(world, outs, args)).changed, false);
    const renewed = await upAgain(world, outs, { ...v1, ssl: second });
    assert.equal(renewed.changed, true);
    assert.equal(live("sslConfiguration.key"), second?.privateKeyPem);
    assert.ok(!outs.tlsDigest.includes("PRIVATE") && outs.tlsDigest !== renewed.outs.tlsDigest);
  });

  it("writes a certificate once when it takes over a compute that may have another", async () => {
    plant({ sslConfiguration: { status: "Enabled", cname, cert: "old", key: "old" } });
    await create(world, { ...v1, ssl: first });
    assert.equal(live("sslConfiguration.key"), first?.privateKeyPem);
    assert.equal(writes(), 1);
  });

  it("has a label's certificate, none behind an internal load balancer, and TLS turned off", async () => {
    plant();
    const label = { ...v1, ssl: { leafDomainLabel: "score", overwriteExistingDomain: true } };
    const outs = await create(world, label);
    assert.deepEqual(live("sslConfiguration"), {
      status: "Auto",
      leafDomainLabel: "score",
      overwriteExistingDomain: true,
    });
    // As the service has been seen to answer.
    edit(world, "properties.properties.sslConfiguration", {
      status: "Auto",
      cname: "",
      cert: null,
    });
    assert.equal((await upAgain(world, outs, label)).changed, false);
    const off = await upAgain(world, outs, { ...v1, ssl: { status: "Disabled" } });
    assert.deepEqual(live("sslConfiguration"), { status: "Disabled" });
    edit(world, "properties.properties.loadBalancerType", "InternalLoadBalancer");
    await assert.rejects(upAgain(world, off.outs, label), { message: /internal load balancer/ });
  });

  it("names drift of TLS and load balancer, and heals it", async () => {
    plant();
    const args = { ...v1, ssl: first, loadBalancerType: "PublicIp" };
    const outs = await create(world, args);
    edit(world, "properties.properties.loadBalancerType", "InternalLoadBalancer");
    edit(world, "properties.properties.sslConfiguration.status", "Disabled");
    const { props } = await world.operations.read(outs.computeId, outs);
    assert.deepEqual(props?.drift, { "compute/aks-prod": ["loadBalancerType", "ssl.status"] });
    assert.ok(props);
    assert.equal((await upAgain(world, props, args)).changed, true);
    assert.equal(live("loadBalancerType"), "PublicIp");
    assert.equal(live("sslConfiguration.status"), "Enabled");
    assert.equal(live("sslConfiguration.key"), first?.privateKeyPem);
  });

  it("does not write a compute whose certificate it doesn't have: the write would lose it", async () => {
    plant({ sslConfiguration: { status: "Enabled", cname, cert: "old", key: "old" } });
    const outs = await create(world, v1);
    const args = { ...v1, loadBalancerType: "InternalLoadBalancer" };
    await assert.rejects(upAgain(world, outs, args), { message: /^ssl must be given/ });
    await assert.rejects(create(world, args), { message: /^ssl must be given/ });
    assert.equal(live("sslConfiguration.key"), "old");
  });

  it("only compares clusterPurpose", async () => {
    plant({ clusterPurpose: "DenseProd" });
    const message = /clusterPurpose can't be changed: it is "FastProd", and .* has "DenseProd"/;
    await assert.rejects(create(world, { ...v1, clusterPurpose: "FastProd" }), { message });
    const outs = await create(world, { ...v1, clusterPurpose: "DenseProd" });
    await assert.rejects(upAgain(world, outs, { ...v1, clusterPurpose: "DevTest" }), {
      message: /clusterPurpose can't be changed/,
    });
  });

  it("refuses at preview what would let go of it to make another", async () => {
    const olds = await inputsOf(world.operations, v1);
    for (const [property, value] of [
      ["computeName", "other-name"],
      ["workspaceId", workspaceIn(OTHER_SUBSCRIPTION)],
      ["clusterId", clusterIn(OTHER_SUBSCRIPTION)],
      ["computeType", "Kubernetes"],
    ] as const) {
      const { failures } = await world.operations.check(olds, { ...olds, [property]: value });
      assert.equal(failures.length, 1, property);
      assert.match(failures[0]?.reason ?? "", new RegExp(`^${property} can't be changed from`));
    }
    const upper = { ...olds, clusterId: olds.clusterId.toUpperCase() };
    assert.deepEqual((await world.operations.check(olds, upper)).failures, []);
    const kubernetes = await inputsOf(world.operations);
    const { failures } = await world.operations.check(kubernetes, {
      ...kubernetes,
      namespace: null,
      ...v1,
    });
    assert.match(failures[0]?.reason ?? "", /^computeType can't be changed from "Kubernetes"/);
  });

  it("repairs one that failed", async () => {
    plant({}, { provisioningState: "Failed" });
    const outs = await create(world, v1);
    assert.equal(outs.provisioningState, "Succeeded");
  });

  for (const isAttachedCompute of [true, false]) {
    it(`detaches, and keeps the cluster, where isAttachedCompute is ${isAttachedCompute}`, async () => {
      plant({}, { isAttachedCompute });
      const outs = await create(world, v1);
      assert.equal(outs.isAttachedCompute, isAttachedCompute);
      await world.operations.delete(outs.computeId, outs);
      assert.equal(attachments(world).length, 0);
      world.azure.clock.advance(3600);
      world.azure.store.settle(world.azure.clock.now());
      assert.equal(world.azure.store.list(CLUSTERS).length, 4);
    });
  }

  it("says what Azure says when it refuses to detach", async () => {
    plant();
    const outs = await create(world, v1);
    const begun = world.operations.delete(outs.computeId, outs);
    while (world.azure.store.running(computeId).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const message = "The cluster was created by this workspace.";
    world.azure.store.failRunning(computeId, { status: 409, code: "DetachRefused", message });
    await assert.rejects(begun, {
      message:
        'Can\'t detach compute "aks-prod" of workspace "ws": DetachRefused: The cluster was created by this workspace.',
    });
    assert.equal(attachments(world).length, 1);
  });
});
