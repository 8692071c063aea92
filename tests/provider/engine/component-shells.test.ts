// The text of the components' own dynamic providers, which every state holds: it must not change by accident.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentCheck } from "../../../provider/argument-check/argument-check";
import { EndpointKeys } from "../../../provider/endpoint-keys/endpoint-keys";
import { LegacyCertificate } from "../../../provider/legacy-certificate/legacy-certificate";
import { LegacyRouter } from "../../../provider/legacy-router/legacy-router";
import { runProgram } from "../../support/pulumi-mocks";

const golden = (name: string): string =>
  readFileSync(join(__dirname, "..", "..", "golden", `${name}-shell.txt`), "utf8");

describe("The serialized provider of the components' own resources", () => {
  const texts = new Map<string, unknown>();

  before(async () => {
    const { registered } = await runProgram(() => {
      const judged = { component: "AmlModelEndpoint", name: "churn", arguments: {} };
      const numbers = { primaryKeyVersion: 1, secondaryKeyVersion: 1 };
      const keys = new EndpointKeys("keys", { judged, ...numbers });
      const check = new ArgumentCheck("check", judged);
      const legacy = new LegacyRouter("legacy", { kubeconfig: "", remove: false });
      const place = { kubeconfig: "", namespace: "n", secretName: "s" };
      const certificate = new LegacyCertificate("certificate", { ...place, cname: "a.b" });
      return {
        keys: keys.urn,
        check: check.urn,
        legacy: legacy.urn,
        certificate: certificate.urn,
      };
    });
    for (const { type, inputs } of registered) texts.set(type, inputs["__provider"]);
  });

  for (const [type, name] of [
    ["EndpointKeys", "endpoint-keys"],
    ["ArgumentCheck", "argument-check"],
    ["LegacyCertificate", "legacy-certificate"],
    ["LegacyRouter", "legacy-router"],
  ] as const) {
    it(`of ${type} only finds the library and calls it`, () => {
      assert.equal(texts.get(`pulumi-nodejs:dynamic/aml-inference:${type}`), golden(name));
    });
  }
});
