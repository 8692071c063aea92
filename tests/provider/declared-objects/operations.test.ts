// DeclaredObjects without a cluster: what the state keeps, and what counts as a change.
import assert from "node:assert/strict";
import { operations } from "../../../provider/declared-objects/operations";
import { digestOf } from "../../../values/digest";
import { UNKNOWN } from "../../../values/unknown";
import { freePort } from "../../support/free-port";

const owner = "acme/fraud/prod AmlInferenceRouter fe";
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "router", namespace: "n" },
  spec: { ports: [{ port: 80 }] },
};
const given = { kubeconfig: UNKNOWN, owner, owned: [], objects: [service] };

async function unreachable(): Promise<string> {
  const server = `https://127.0.0.1:${await freePort()}`;
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
}

describe("DeclaredObjects", () => {
  it("keeps digests of the objects and no kubeconfig", async () => {
    const { inputs, failures } = await operations.check({}, given);
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, {
      owner,
      formerOwners: [],
      objects: { "Service/router": digestOf(service) },
      mark: owner,
      driftId: "",
    });
  });

  it("knows its mark in a preview that doesn't know the objects", async () => {
    const { inputs } = await operations.check({}, { ...given, owned: UNKNOWN, objects: UNKNOWN });
    assert.deepEqual([inputs.objects, inputs.mark], [UNKNOWN, owner]);
  });

  it("remembers every name that its owner had", async () => {
    const first = await operations.check({ owner: "acme/fraud/old AmlInferenceRouter fe" }, given);
    const second = await operations.check(first.inputs, { ...given, owner: "x/y/z Kind new" });
    assert.deepEqual(second.inputs.formerOwners, ["acme/fraud/old AmlInferenceRouter fe", owner]);
    const back = await operations.check(second.inputs, given);
    assert.deepEqual(back.inputs.formerOwners, [
      "acme/fraud/old AmlInferenceRouter fe",
      "x/y/z Kind new",
    ]);
  });

  it("passes a preview of a cluster that can't be reached, and creates nothing there", async () => {
    const kubeconfig = await unreachable();
    const { inputs, failures } = await operations.check({}, { ...given, kubeconfig });
    assert.deepEqual(failures, []);
    await assert.rejects(
      operations.create(inputs),
      /whom the objects of AmlInferenceRouter fe belong to isn't known: .*can't be reached/,
    );
  });

  it("changes with its mark and with each drift, and with nothing else", async () => {
    const { inputs } = await operations.check({}, given);
    const outs = { mark: owner, driftId: "" };
    const changes = async (news: object) =>
      (await operations.diff("declared", outs, { ...inputs, ...news })).changes;
    assert.equal(await changes({ objects: { "Service/router": "other" } }), false);
    assert.equal(await changes({ formerOwners: ["a"] }), false);
    assert.equal(await changes({ driftId: "1" }), true);
    assert.equal(await changes({ handOverTo: "acme/fraud/next" }), true);
    assert.deepEqual(await operations.update("declared", outs, { ...inputs, driftId: "1" }), {
      outs: { mark: owner, driftId: "1" },
    });
  });
});
