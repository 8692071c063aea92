// A release that an earlier build of the library deployed, its code compressed: replaced, restored, and pruned.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { type KubeObject, objectKey } from "../../../kubernetes/core/kube-object";
import { type Deployment, type ReplicaSet } from "../../../kubernetes/core/workload";
import { applyObject } from "../../../kubernetes/io/apply-object";
import { waitForRollOut } from "../../../kubernetes/io/wait-for-roll-out";
import { autoscalerRelease } from "../../../provider/autoscaler-deployment/core/autoscaler-objects";
import { bundleCommand, bundleOf } from "../../../provider/release/core/bundle-config-map";
import { releaseRecord } from "../../../provider/release/core/release";
import { projectRoot } from "../../../tools/checkout";
import { digestOf } from "../../../values/digest";
import { without } from "../../../values/without";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import {
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
} from "../../support/provider-namespace";
import { changingSteps, expectFailure, expectSuccess, finished } from "../../support/stack";

const NAME = "aml-inference-autoscaler";
const FILE = "/opt/aml-inference/code.cjs.br";
const FORMER_COMMAND = [
  "node",
  "-e",
  `module._compile(require("node:zlib").brotliDecompressSync(require("node:fs").readFileSync("${FILE}")).toString("utf8"),"/opt/aml-inference/code.cjs")`,
];

/** What such a build deployed for the same arguments. */
async function formerObjects(namespace: string): Promise<readonly KubeObject[]> {
  const code = await readFile(join(projectRoot, "dist/bundles/autoscaler.cjs"), "utf8");
  const bundle = bundleOf(`${code}\n// The former code.\n`);
  const { args } = autoscalerIn(namespace);
  const spec = { image: "node:24", name: NAME, ...args } as Parameters<typeof autoscalerRelease>[0];
  const release = autoscalerRelease(spec, bundle);
  const command = [bundleCommand(bundle), FORMER_COMMAND].map((each) => JSON.stringify(each));
  const deployment = JSON.parse(
    JSON.stringify(release.deployment).replace(command[0] ?? "", () => command[1] ?? ""),
  ) as Deployment;
  const binaryData = { "code.cjs.br": brotliCompressSync(bundle.code).toString("base64") };
  const configMap = { ...without(release.bundle, "data"), binaryData } as unknown as KubeObject;
  return [configMap, deployment, releaseRecord({ ...release, deployment })];
}

describe("provider: a release with compressed code", () => {
  let namespace: ProviderNamespace;
  let stack: DeclaredStack;
  let former: readonly KubeObject[];

  const liveDeployment = () =>
    namespace.client.read<Deployment>(
      { apiVersion: "apps/v1", kind: "Deployment", namespace: namespace.name },
      NAME,
    );
  const isFormerCodeThere = async () => {
    const [configMap] = former;
    assert.ok(configMap !== undefined);
    return (await namespace.ownedObjects()).includes(objectKey(configMap));
  };

  before(async () => {
    namespace = await openProviderNamespace();
    const { client, name } = namespace;
    former = await formerObjects(name);
    for (const object of former) await applyObject(client, object);
    const timeoutMs = 120_000;
    const report = () => undefined;
    const rollOut = { client, namespace: name, name: NAME, needed: () => 1, timeoutMs, report };
    assert.deepEqual(await waitForRollOut(rollOut), { ok: true });
    stack = await openDeclaredStack(namespace.kubeconfig);
  });
  after(async () => {
    await stack.close();
    await namespace.close();
  });

  it("serves again when its successor can't become ready", async () => {
    const image = "registry.invalid/node:24";
    await stack.declare({ autoscaler: autoscalerIn(namespace.name, { image }) });
    const { output } = await expectFailure(stack.up());
    assert.match(output, /the former release serves again/);
    assert.ok(JSON.stringify(await liveDeployment()).includes(JSON.stringify(FORMER_COMMAND)));
    assert.ok(await isFormerCodeThere());
  });

  it("is what a refresh of its own state compares with, and no drift", async () => {
    const exported = await expectSuccess(finished(await stack.start(["stack", "export"])));
    const state = JSON.parse(exported.stdout) as {
      deployment: { resources: { type: string; initErrors?: unknown; outputs?: object }[] };
    };
    const resource = state.deployment.resources.find(({ type }) =>
      type.endsWith("AutoscalerDeployment"),
    );
    assert.ok(resource !== undefined);
    delete resource.initErrors;
    const objects = former.map((object) => [
      objectKey(object),
      digestOf(without(object, "binaryData")),
    ]);
    resource.outputs = { ...resource.outputs, objects: Object.fromEntries(objects) as object };
    const file = join(stack.folder, "state.json");
    await writeFile(file, JSON.stringify(state));
    await expectSuccess(finished(await stack.start(["stack", "import", "--file", file])));
    await stack.declare({ autoscaler: autoscalerIn(namespace.name) });
    const { output } = await expectSuccess(stack.refresh());
    assert.ok(!output.includes("drift"), output);
  });

  it("is replaced by code in plain text, by an update of that state", async () => {
    const [step, ...others] = changingSteps(await stack.preview());
    assert.deepEqual([step?.op, others], ["update", []]);
    await expectSuccess(stack.up());
    const code = await readFile(join(projectRoot, "dist/bundles/autoscaler.cjs"), "utf8");
    const command = JSON.stringify(bundleCommand(bundleOf(code)));
    assert.ok(JSON.stringify(await liveDeployment()).includes(command));
    assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
    // A ReplicaSet could still bring the former code back.
    assert.ok(await isFormerCodeThere());
  });

  it("loses its code when no ReplicaSet uses it any more", async () => {
    const { client, name } = namespace;
    const locator = { apiVersion: "apps/v1", kind: "ReplicaSet", namespace: name };
    const replicaSets = await client.list<ReplicaSet>(locator);
    const unused = replicaSets.filter(({ spec }) => spec.replicas === 0);
    for (const { metadata } of unused) await client.remove(locator, metadata.name);
    await stack.declare({ autoscaler: autoscalerIn(name, { replicas: 2 }) });
    await expectSuccess(stack.up());
    assert.ok(!(await isFormerCodeThere()));
    await expectSuccess(stack.destroy());
    assert.deepEqual(await namespace.ownedObjects(), []);
  });
});
