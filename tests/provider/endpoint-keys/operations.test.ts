// EndpointKeys: what its check refuses, of the keys and of the endpoint.
import assert from "node:assert/strict";
import { check, type EndpointKeysInputs } from "../../../provider/endpoint-keys/operations";

const inputs = (more: object = {}, numbers: object = {}): EndpointKeysInputs => ({
  judged: {
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

function reasons(olds: Partial<EndpointKeysInputs>, news: EndpointKeysInputs) {
  return check(olds, news).failures?.map(({ reason }) => reason);
}

describe("EndpointKeys: its check", () => {
  it("accepts an endpoint that is legal, new or as it was", () => {
    assert.deepEqual(reasons({}, inputs()), []);
    assert.deepEqual(reasons(inputs(), inputs()), []);
  });

  it("names what is wrong with the endpoint and with the keys' numbers, all at once", () => {
    const broken = inputs({ authEnabled: "no" }, { secondaryKeyVersion: 1 });
    assert.deepEqual(reasons(inputs(), broken), [
      'authEnabled must be true or false: it is "no"',
      "keyVersions.secondaryKey can't fall: it was 2 and is 1",
    ]);
  });

  it("refuses another namespace before anything of the endpoint changes", () => {
    const [reason, ...others] = reasons(inputs(), inputs({ namespace: "models" })) ?? [];
    assert.match(reason ?? "", /^namespace can't change, .*: it was "default" and is "models"/);
    assert.deepEqual(others, []);
  });

  it("keeps of the endpoint's arguments what the next check compares, and so no key twice", () => {
    const given = inputs({ namespace: "models", keys: { primaryKey: "0123456789abcdef" } });
    const { inputs: kept = given } = check({}, given);
    assert.deepEqual(kept.judged.arguments, { namespace: "models" });
    assert.deepEqual(reasons(kept, given), []);
    const [reason] = reasons(kept, inputs()) ?? [];
    assert.match(reason ?? "", /^namespace can't change, .*: it was "models" and is "default"/);
  });

  it("compares with a state that has all arguments, as earlier code kept them", () => {
    const [reason] = reasons(inputs({ namespace: "models" }), inputs()) ?? [];
    assert.match(reason ?? "", /^namespace can't change/);
  });
});
