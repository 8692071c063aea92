// Claims of names: made for what is served, kept beyond the endpoints, let go by their owners.
import assert from "node:assert/strict";
import type { ModelEndpoint } from "../../../../../contracts/model-endpoint/model-endpoint";
import { readClaims } from "../../../../../contracts/model-endpoint/name-claims";
import {
  type ClaimFacts,
  planClaims,
} from "../../../../../serving/autoscaler/names/core/plan-claims";
import { endpointOf } from "../../../../support/model-endpoints";

const of = (id: string, spec: Partial<ModelEndpoint["spec"]> = {}) => {
  const [namespace = "", name = ""] = id.split("/");
  return endpointOf(spec, { namespace, name });
};

const ACCEPTED = { type: "Accepted", status: "True", reason: "Applied", message: "" } as const;

function plan(data: Readonly<Record<string, string>> | undefined, facts: Partial<ClaimFacts>) {
  const names = data === undefined ? undefined : { data };
  const endpoints = facts.endpoints ?? [];
  return planClaims({
    names,
    claims: readClaims(names, endpoints),
    endpoints,
    served: new Set(),
    released: new Set(),
    maxPerNamespace: 10,
    ...facts,
  });
}

describe("planClaims()", () => {
  it("begins with the endpoints that were served before", () => {
    const status = {
      conditions: [{ ...ACCEPTED, observedGeneration: 1, lastTransitionTime: "" }],
    };
    const endpoints = [{ ...of("models/churn"), status }, of("tenant/other")];
    assert.deepEqual(plan(undefined, { endpoints }), {
      complete: "true",
      "declared.churn": "models",
    });
    assert.deepEqual(plan(undefined, {}), { complete: "true" });
  });

  it("writes no more at the beginning than the ConfigMap holds: the elder ones, and that it is complete", () => {
    const status = {
      conditions: [{ ...ACCEPTED, observedGeneration: 1, lastTransitionTime: "" }],
    };
    const endpoints = Array.from({ length: 20_000 }, (_, index) => ({
      ...of(`models/${"x".repeat(24)}-${index}`),
      status,
    }));
    const data = plan(undefined, { endpoints }) ?? {};
    assert.equal(data["complete"], "true");
    const bytes = Buffer.byteLength(JSON.stringify(data));
    assert.ok(bytes > 500_000 && bytes < 1_000_000, `${bytes} bytes`);
  });

  it("claims the name of what is served, unless somebody has it", () => {
    const endpoints = [of("models/churn"), of("models/waits"), of("models/declared")];
    const served = new Set(["models/churn", "models/declared"]);
    const data = { complete: "true", "declared.declared": "models" };
    assert.deepEqual(plan(data, { endpoints, served }), { "seen.churn": "models" });
    assert.equal(plan({ ...data, "seen.churn": "models" }, { endpoints, served }), undefined);
  });

  it("keeps the claim of a deleted endpoint, unless it was suspended before", () => {
    const data = { complete: "true", "seen.churn": "models", "declared.fraud": "models" };
    assert.equal(plan(data, {}), undefined);
    const released = new Set(["models/churn", "models/fraud", "tenant/fraud"]);
    assert.deepEqual(plan(data, { released }), { "seen.churn": null, "declared.fraud": null });
    const endpoints = [of("models/churn", { suspended: true }), of("models/fraud")];
    assert.equal(plan(data, { released, endpoints }), undefined, "it is still there");
  });

  it("drops names of deleted endpoints where one namespace has too many", () => {
    const data = {
      complete: "true",
      "seen.one": "tenant",
      "seen.two": "tenant",
      "seen.churn": "a",
    };
    const endpoints = [of("tenant/two")];
    assert.deepEqual(plan(data, { endpoints, maxPerNamespace: 1 }), { "seen.one": null });
  });
});
