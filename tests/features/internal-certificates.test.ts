// The certificates between routers and autoscalers, by the real CLI and the plugin: what they allow, and when they are renewed.
import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import {
  changingSteps,
  expectSuccess,
  openStack,
  type Preview,
  type Stack,
} from "../support/stack";

const PROGRAM = `
const { createInternalCertificates } = require("aml-inference/dist/components/router/internal-certificates.js");
for (const { role, certificatePem, privateKeyPem, caPem } of createInternalCertificates("fe", "models", {})) {
  exports[role] = { certificatePem, caPem };
  exports[role + "-key"] = privateKeyPem;
}
`;
const YEAR_MS = 365 * 24 * 3_600_000;
const SERVER = "1.3.6.1.5.5.7.3.1";
const CLIENT = "1.3.6.1.5.5.7.3.2";

interface State {
  readonly checkpoint: {
    readonly latest: { readonly resources: readonly { outputs?: Record<string, unknown> }[] };
  };
}

describe("The certificates between routers and autoscalers", () => {
  let stack: Stack;
  before(async () => {
    stack = await openStack({ program: PROGRAM });
    await expectSuccess(stack.up());
  });
  after(() => stack.close());

  const certificates = async (role: string) => {
    const { certificatePem, caPem } = (await stack.outputs())[role] as Record<string, string>;
    const leaf = new X509Certificate(certificatePem ?? "");
    return { leaf, authority: new X509Certificate(caPem ?? "") };
  };
  const yearsOf = ({ validFromDate, validToDate }: X509Certificate) =>
    (validToDate.getTime() - validFromDate.getTime()) / YEAR_MS;
  const changes = (preview: Preview) =>
    changingSteps(preview)
      .filter(({ op }) => op === "replace")
      .map(({ urn }) => urn.replace(/^.*::(.*)::(.*)$/, "$1 $2"))
      .sort();

  it("are of one authority, each for its role", async () => {
    for (const [role, usages] of [
      ["aml-inference-router", [SERVER, CLIENT]],
      ["aml-inference-autoscaler", [SERVER]],
    ] as const) {
      const { leaf, authority } = await certificates(role);
      assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
      assert.equal(leaf.subjectAltName, `DNS:${role}.models.svc`);
      assert.deepEqual(leaf.keyUsage, usages);
      assert.deepEqual([leaf.ca, authority.ca], [false, true]);
      assert.deepEqual(leaf.publicKey.asymmetricKeyDetails, { namedCurve: "prime256v1" });
      assert.deepEqual([yearsOf(leaf), yearsOf(authority)].map(Math.round), [3, 20]);
    }
  });

  it("stay as they are for a second update, and show no key in previews, outputs or the state", async () => {
    const preview = await stack.preview();
    assert.deepEqual(changingSteps(preview), []);
    for (const text of [JSON.stringify(preview), await stack.stateText()]) {
      assert.ok(!text.includes("PRIVATE KEY"));
    }
    const outputs = await expectSuccess(stack.up());
    assert.ok(!outputs.output.includes("PRIVATE KEY"));
  });

  it("are renewed by any update in their last two years, and by the next one not again", async () => {
    const before = await certificates("aml-inference-router");
    const [path = ""] = globSync("backend/.pulumi/stacks/**/test.json", { cwd: stack.folder });
    const file = join(stack.folder, path);
    const leftYears = (years: number) => {
      const state = JSON.parse(readFileSync(file, "utf8")) as State;
      for (const { outputs = {} } of state.checkpoint.latest.resources) {
        if (outputs["caCertPem"] === undefined) continue;
        outputs["validityEndTime"] = new Date(Date.now() + years * YEAR_MS).toISOString();
      }
      writeFileSync(file, JSON.stringify(state));
    };
    leftYears(2.05);
    assert.deepEqual(changes(await stack.preview()), []);
    leftYears(1.95);
    assert.deepEqual(changes(await stack.preview()), [
      "tls:index/locallySignedCert:LocallySignedCert fe-autoscaler",
      "tls:index/locallySignedCert:LocallySignedCert fe-router",
    ]);
    await expectSuccess(stack.up());
    assert.deepEqual(changingSteps(await stack.preview()), []);
    const { leaf, authority } = await certificates("aml-inference-router");
    assert.notEqual(leaf.serialNumber, before.leaf.serialNumber);
    assert.equal(authority.serialNumber, before.authority.serialNumber);
  });
});
