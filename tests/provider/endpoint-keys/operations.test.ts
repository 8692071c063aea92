// EndpointKeys: what its check refuses, of the keys and of the endpoint.
import assert from "node:assert/strict";
import { type EndpointKeysInputs, operations } from "../../../provider/endpoint-keys/operations";
import { without } from "../../../values/without";

const inputs = (more: object = {}, numbers: object = {}): EndpointKeysInputs => ({
  endpointArguments: {
    component: "AmlModelEndpoint",
    name: "churn",
    arguments: {
      router: { namespace: "aml-inference", scoringBaseUri: "http://203.0.113.7" },
      versions: { blue: { image: "registry.example/churn:1" } },
      ...more,
    },
  },
  primaryKeyVersion: 1,
  secondaryKeyVersion: 2,
  ...numbers,
});

async function reasons(olds: object, news: EndpointKeysInputs) {
  return (await operations.check(olds, news)).failures.map(({ reason }) => reason);
}

describe("EndpointKeys: its check", () => {
  it("accepts an endpoint that is legal, new or as it was", async () => {
    assert.deepEqual(await reasons({}, inputs()), []);
    assert.deepEqual(await reasons(inputs(), inputs()), []);
  });

  it("names what is wrong with the endpoint and with the keys' numbers, all at once", async () => {
    const broken = inputs({ authEnabled: "no" }, { secondaryKeyVersion: 1 });
    assert.deepEqual(await reasons(inputs(), broken), [
      'authEnabled must be true or false: it is "no"',
      "keyVersions.secondaryKey can't decrease: it was 2 and is 1",
    ]);
  });

  it("refuses another namespace before anything of the endpoint changes", async () => {
    const [reason, ...others] = await reasons(inputs(), inputs({ namespace: "models" }));
    assert.match(reason ?? "", /^namespace can't change, .*: it was "default" and is "models"/);
    assert.deepEqual(others, []);
  });

  it("keeps of the endpoint's arguments what the next check compares, and so no key twice", async () => {
    const given = inputs({ namespace: "models", keys: { primaryKey: "0123456789abcdef" } });
    const { inputs: kept } = await operations.check({}, given);
    assert.deepEqual(kept.endpointArguments.arguments, { namespace: "models" });
    assert.deepEqual(await reasons(kept, given), []);
    const [reason] = await reasons(kept, inputs());
    assert.match(
      reason ?? "",
      /^namespace can't change, .*: it was "models" and is "aml-inference-endpoints"/,
    );
  });

  it("puts a new endpoint into a namespace of endpoints, and leaves one of earlier code where it is", async () => {
    const next = async (olds: object) =>
      (await operations.check(olds, inputs())).inputs as EndpointKeysInputs;
    const first = await next({});
    assert.equal(first.namespace, "aml-inference-endpoints");
    const { id, outs } = await operations.create(first);
    assert.equal(outs.namespace, first.namespace);
    assert.deepEqual(await next(first), first);
    assert.deepEqual(await operations.diff(id, outs, first), { changes: false });

    const former = without(outs, "namespace") as typeof outs;
    const earlier = await next(inputs());
    assert.equal(earlier.namespace, "default");
    assert.deepEqual(await operations.diff(id, former, earlier), { changes: false });
    const replaced = { ...earlier, secondaryKeyVersion: 3 };
    assert.equal((await operations.update(id, former, replaced)).outs.namespace, "default");
  });

  it("knows a namespace that the program leaves out from now on, where it is the default one", async () => {
    const given = inputs({ namespace: "aml-inference-endpoints" });
    const { inputs: kept } = await operations.check({}, given);
    const { id, outs } = await operations.create(kept);
    const former = without(outs, "namespace") as typeof outs;
    const { inputs: left, failures } = await operations.check(kept, inputs());
    assert.deepEqual(failures, []);
    assert.deepEqual(await operations.diff(id, former, left), { changes: true });
  });

  it("compares with a state that has all arguments, as earlier code kept them", async () => {
    const [reason] = await reasons(inputs({ namespace: "models" }), inputs());
    assert.match(reason ?? "", /^namespace can't change/);
  });

  it("counts a key that turns out to be undefined, and so arrives as null, as not given", async () => {
    const given = { ...inputs(), primaryKey: null } as unknown as EndpointKeysInputs;
    assert.ok(!("primaryKey" in (await operations.check({}, given)).inputs));
  });

  it("knows the endpoint of a state by its former name, judged", async () => {
    const { endpointArguments: judged, ...numbers } = inputs();
    const olds = { judged, ...numbers };
    assert.deepEqual(await reasons(olds, inputs()), []);
    const [reason] = await reasons(olds, inputs({ namespace: "models" }));
    assert.match(reason ?? "", /^namespace can't change/);
  });
});
