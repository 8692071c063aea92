// EndpointKeys: what its check refuses, of the keys and of the endpoint.
import assert from "node:assert/strict";
import { type EndpointKeysInputs, operations } from "../../../provider/endpoint-keys/operations";

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
    assert.match(reason ?? "", /^namespace can't change, .*: it was "models" and is "default"/);
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
