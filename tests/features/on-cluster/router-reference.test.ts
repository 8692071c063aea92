// Endpoints that name their router by a RouterReference, on the real CLI: one connection per cluster, and its name.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quickstartModelImage } from "../../../tools/images";
import { changingSteps, expectSuccess, finished, openStack, type Stack } from "../../support/stack";
import { deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

const NAMESPACE = `references-${randomBytes(3).toString("hex")}`;
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfigs = JSON.parse(readFileSync("kubeconfigs.json", "utf8"));
const namespace = "${NAMESPACE}";
const router = new AmlInferenceRouter("fe", {
  kubeconfig: kubeconfigs.one, clusterPurpose: "DevTest", namespace,
});
const versions = {
  blue: {
    image: "${quickstartModelImage}",
    numReplicas: 1,
    maxStreamSeconds: 60,
    environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" },
  },
};
for (const [name, cluster] of JSON.parse(readFileSync("endpoints.json", "utf8"))) {
  const reference = { kubeconfig: kubeconfigs[cluster], namespace, scoringBaseUri: "http://fe.example" };
  new AmlModelEndpoint(name, { router: reference, versions, namespace }, { dependsOn: [router] });
}
`;

/** What else leads to the same cluster: the certificate authority, twice. To us that is another cluster. */
function underAnotherName(kubeconfig: string): string {
  const other = kubeconfig.replace(
    /(certificate-authority-data"?: *"?)([\w+/=]+)/,
    (_, key, data) => {
      const pem = Buffer.from(String(data), "base64").toString("utf8");
      return `${String(key)}${Buffer.from(`${pem}\n${pem}`).toString("base64")}`;
    },
  );
  assert.notEqual(other, kubeconfig);
  return other;
}

describe("Endpoints with a RouterReference", () => {
  let cluster: TestCluster;
  let stack: Stack;

  const declare = (...endpoints: readonly (readonly [string, "one" | "other"])[]) =>
    writeFile(join(stack.folder, "endpoints.json"), JSON.stringify(endpoints));
  const connections = async () => {
    const urns = (await stack.stateText()).matchAll(
      /"urn": ?"[^"]*::(aml-inference-cluster[^"]*)"/g,
    );
    return [...new Set([...urns].map(([, name = ""]) => name))].sort();
  };
  const assertNoChanges = async () => {
    const { steps } = await stack.preview("--expect-no-changes");
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["same"]);
  };
  /** Writes the state as a release would have left it that called the connection otherwise. */
  const renameInState = async (from: string, to: string) => {
    const run = async (...args: readonly string[]) =>
      expectSuccess(finished(await stack.start([...args, "--stack", "test"])));
    const path = join(stack.folder, "state.json");
    await run("stack", "export", "--file", path);
    await writeFile(path, (await readFile(path, "utf8")).replaceAll(`::${from}`, `::${to}`));
    await run("stack", "import", "--file", path);
  };

  before(async () => {
    cluster = await testCluster();
    stack = await openStack({ program: PROGRAM, copyLibrary: true });
    const one = await readFile(cluster.kubeconfig, "utf8");
    const kubeconfigs = JSON.stringify({ one, other: underAnotherName(one) });
    await writeFile(join(stack.folder, "kubeconfigs.json"), kubeconfigs);
    await declare(["churn", "one"], ["fraud", "one"]);
    await expectSuccess(stack.up());
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await deleteNamespace(cluster.client, NAMESPACE);
  });

  it("share one connection, and keep the one of a state that calls it aml-inference-cluster", async () => {
    const names = await connections();
    const [name = ""] = names;
    assert.match(name, /^aml-inference-cluster-[0-9a-f]{8}$/);
    assert.equal(names.length, 1);
    await renameInState(name, "aml-inference-cluster");
    assert.deepEqual(await connections(), ["aml-inference-cluster"]);
    await assertNoChanges();
    await expectSuccess(stack.up("--expect-no-changes"));
    assert.deepEqual(await connections(), [name]);
  });

  it("keep it when an endpoint of another cluster is declared before them, and in any order", async () => {
    await declare(["spam", "other"], ["churn", "one"], ["fraud", "one"]);
    const planned = changingSteps(await stack.preview());
    assert.deepEqual([...new Set(planned.map(({ op }) => op))], ["create"]);
    assert.deepEqual(
      planned.filter(({ urn }) => /::(churn|fraud)/.test(urn)),
      [],
    );
    await expectSuccess(stack.up());
    assert.equal((await connections()).length, 2);
    await declare(["fraud", "one"], ["churn", "one"], ["spam", "other"]);
    await assertNoChanges();
  });
});
