// Who is served: by namespace, by the owner of a name, by quota.
import assert from "node:assert/strict";
import {
  type AdmissionSettings,
  DEFAULT_QUOTA,
  refuseEndpoints,
} from "../../../contracts/model-endpoint/admission";
import type { ModelEndpoint } from "../../../contracts/model-endpoint/model-endpoint";
import {
  COMPLETE_KEY,
  type NamesConfigMap,
  readClaims,
} from "../../../contracts/model-endpoint/name-claims";
import { endpointOf, versionOf } from "../../support/model-endpoints";

const of = (id: string, createdAt = 0, spec: Partial<ModelEndpoint["spec"]> = {}) => {
  const [namespace = "", name = ""] = id.split("/");
  const creationTimestamp = new Date(createdAt * 1000).toISOString();
  return endpointOf(spec, { namespace, name, creationTimestamp });
};

const accepted = (endpoint: ModelEndpoint, status: "True" | "False" | "Unknown") => {
  const condition = { reason: "R", message: "m", observedGeneration: 1, lastTransitionTime: "" };
  return {
    ...endpoint,
    status: { conditions: [{ type: "Accepted" as const, status, ...condition }] },
  };
};

/** Reasons by id. */
function refusals(
  endpoints: readonly ModelEndpoint[],
  settings: Partial<AdmissionSettings> = {},
  names: NamesConfigMap = { data: { [COMPLETE_KEY]: "true" } },
) {
  const refused = refuseEndpoints(endpoints, {
    settings: { quota: DEFAULT_QUOTA, ...settings },
    claims: readClaims(names, endpoints),
  });
  return Object.fromEntries([...refused].map(([id, { reason }]) => [id, reason]));
}

const claims = (data: Readonly<Record<string, string>>) => ({
  data: { [COMPLETE_KEY]: "true", ...data },
});

describe("refuseEndpoints()", () => {
  it("refuses namespaces that neither the list nor a declared endpoint allows", () => {
    const endpoints = [of("tenant/theirs"), of("models/churn"), of("listed/other")];
    const names = claims({ "declared.churn": "models", "seen.theirs": "tenant" });
    assert.deepEqual(refusals(endpoints, { allowedNamespaces: ["listed"] }, names), {
      "tenant/theirs": "NamespaceNotAllowed",
    });
    assert.deepEqual(refusals(endpoints, {}, names), {}, "without a list every namespace is");
  });

  it("keeps a name for the namespace that claims it, however old another endpoint is", () => {
    const endpoints = [of("tenant/churn", 1), of("models/churn", 2)];
    for (const key of ["declared.churn", "seen.churn"]) {
      const refused = refusals(endpoints, {}, claims({ [key]: "models" }));
      assert.deepEqual(refused, { "tenant/churn": "NameTaken" });
    }
    const both = claims({ "declared.churn": "models", "seen.churn": "tenant" });
    assert.deepEqual(refusals(endpoints, {}, both), { "tenant/churn": "NameTaken" });
    // Nobody's endpoint is there, the name is still not free.
    const left = refusals([of("tenant/churn")], {}, claims({ "declared.churn": "models" }));
    assert.deepEqual(left, { "tenant/churn": "NameTaken" });
  });

  it("says whose a name is and how it becomes free", () => {
    const refused = refuseEndpoints([of("tenant/churn")], {
      settings: { quota: DEFAULT_QUOTA },
      claims: readClaims(claims({ "declared.churn": "models" }), []),
    });
    const { message } = refused.get("tenant/churn") ?? { message: "" };
    assert.match(message, /belongs to namespace models/);
    assert.match(message, /declared\.churn and seen\.churn are removed/);
  });

  it("serves the eldest of a namespace up to its quota, and leaves other namespaces alone", () => {
    const two = { versions: [versionOf("blue"), versionOf("green", { isDefault: false })] };
    const endpoints = [
      of("tenant/fourth", 4, two),
      of("tenant/third", 3),
      of("tenant/second", 2, two),
      of("tenant/first", 1, { suspended: true }),
      of("models/churn", 5, two),
    ];
    const versions = refusals(endpoints, { quota: { endpoints: 10, versions: 3 } });
    assert.deepEqual(versions, { "tenant/fourth": "QuotaExceeded" });
    const count = refusals(endpoints, { quota: { endpoints: 1, versions: 10 } });
    assert.deepEqual(count, { "tenant/third": "QuotaExceeded", "tenant/fourth": "QuotaExceeded" });
    const messages = (elders: readonly ModelEndpoint[]) => {
      const claims = readClaims(undefined, []);
      const settings = { quota: { endpoints: 1, versions: 10 } };
      return refuseEndpoints([...elders, ...endpoints], { settings, claims });
    };
    const { message } = messages([]).get("tenant/third") ?? { message: "" };
    assert.match(message, /may have 1 endpoints and 10 versions/);
    // Or one change of the eldest would be a new status of all others.
    assert.equal(messages([of("tenant/zero", 0, two)]).get("tenant/third")?.message, message);
  });
});

describe("refuseEndpoints() beside many claims", () => {
  const LONG = "n".repeat(58);
  const nameOf = (namespace: number, index: number) =>
    `${"x".repeat(22)}-${namespace}-${index}`.padEnd(32, "x");
  const endpointsIn = (namespace: number, count: number, firstIndex = 0) =>
    Array.from({ length: count }, (_, index) =>
      of(`${LONG}-${namespace}/${nameOf(namespace, firstIndex + index)}`, namespace),
    );
  const claimsOf = (endpoints: readonly ModelEndpoint[]): NamesConfigMap => ({
    data: {
      [COMPLETE_KEY]: "true",
      ...Object.fromEntries(
        endpoints.map(({ metadata }) => [`seen.${metadata.name}`, metadata.namespace]),
      ),
    },
  });

  it("keeps every claim, and room for each namespace's share, whatever nine others have", () => {
    const greedy = Array.from({ length: 9 }, (_, namespace) =>
      endpointsIn(namespace, 1_000),
    ).flat();
    const first = refusals(greedy);
    const served = greedy.filter(
      ({ metadata }) => !(`${metadata.namespace}/${metadata.name}` in first),
    );
    assert.ok(served.length >= 4_000, `${served.length} of one router's namespaces`);
    const names = claimsOf(served);
    const bytes = Buffer.byteLength(JSON.stringify(names));
    assert.ok(bytes < 1_000_000, `${bytes} bytes, and each key once more for its manager`);
    const late = endpointsIn(9, 400);
    const refused = refusals([...greedy, ...late], {}, names);
    const ids = Object.keys(refused);
    assert.deepEqual(
      ids.filter((id) => id.startsWith(`${LONG}-9/`)),
      [],
    );
    assert.ok(
      served.every(({ metadata }) => !(`${metadata.namespace}/${metadata.name}` in refused)),
    );
    assert.deepEqual([...new Set(Object.values(refused))], ["QuotaExceeded"]);
    const settings = { quota: DEFAULT_QUOTA };
    const [example] = refuseEndpoints(greedy, { settings, claims: readClaims(names, []) }).values();
    assert.match(example?.message ?? "", /take its share of ConfigMap aml-inference-names/);
  });

  it("leaves a namespace its claims when it has too many: only what is new is refused", () => {
    const many = Array.from({ length: 7 }, (_, namespace) => endpointsIn(namespace, 1_000)).flat();
    const settings = { quota: { endpoints: 10_000, versions: 10_000 } };
    const added = endpointsIn(0, 1, 1_000);
    const refused = refusals([...many, ...added], settings, claimsOf(many));
    assert.deepEqual(Object.keys(refused), [`${LONG}-0/${nameOf(0, 1_000)}`]);
  });
});

describe("readClaims()", () => {
  it("counts those that were served before there were claims as declared, the elder first", () => {
    const endpoints = [
      accepted(of("tenant/churn", 2), "True"),
      accepted(of("models/churn", 1), "Unknown"),
      accepted(of("tenant/refused"), "False"),
      of("tenant/never-looked-at"),
    ];
    for (const names of [undefined, {}, { data: { "declared.other": "models" } }]) {
      const { declared } = readClaims(names, endpoints);
      assert.equal(declared.get("churn"), "models");
      assert.equal(declared.has("refused") || declared.has("never-looked-at"), false);
    }
    assert.equal(readClaims(claims({}), endpoints).declared.size, 0, "once it is complete");
  });

  it("lets a claim that exists stand while the others are missing", () => {
    const endpoints = [accepted(of("tenant/churn"), "True")];
    const { declared } = readClaims({ data: { "declared.churn": "models" } }, endpoints);
    assert.equal(declared.get("churn"), "models");
  });
});
