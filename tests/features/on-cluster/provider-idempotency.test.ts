// A second `up` has nothing to do, whatever moved beneath it that isn't declared.
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { type Pod } from "../../../kubernetes/core/workload";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import {
  applyModel,
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
  routeIn,
  routerIn,
} from "../../support/provider-namespace";
import { changingSteps, expectSuccess } from "../../support/stack";

describe("provider: a stack that is deployed", () => {
  let namespace: ProviderNamespace;
  let stack: DeclaredStack;

  const declared = () => ({
    autoscaler: autoscalerIn(namespace.name),
    router: routerIn(namespace.name),
    route: routeIn(namespace.name),
  });
  const podUids = async () => {
    const pods = await namespace.client.list<Pod>(
      { apiVersion: "v1", kind: "Pod", namespace: namespace.name },
      { labels: "app.kubernetes.io/managed-by=aml-inference" },
    );
    return pods.map(({ metadata }) => metadata.uid).sort();
  };
  const assertNoChanges = async () => {
    assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
    await expectSuccess(stack.up("--expect-no-changes"));
  };

  before(async () => {
    namespace = await openProviderNamespace();
    await applyModel(namespace);
    stack = await openDeclaredStack(namespace.kubeconfig);
    await stack.declare(declared());
    await expectSuccess(stack.up());
  });
  after(async () => {
    await stack.close();
    await namespace.close();
  });

  it("has a router that serves the endpoint, and an autoscaler that says so", async () => {
    const { name } = namespace;
    const path = `/apis/aml-inference.io/v1/namespaces/${name}/modelendpoints/${name}`;
    const endpoint = (await namespace.ask("GET", path)) as {
      metadata: { generation: number };
      status: { appliedGeneration: number };
    };
    assert.equal(endpoint.status.appliedGeneration, endpoint.metadata.generation);
  });

  it("has nothing secret in clear in its state", async () => {
    const state = await stack.stateText();
    const secrets = [...namespace.kubeconfig.matchAll(/(?:key-data|token)"?: *"?([^\s"]{20,})/g)];
    assert.notEqual(secrets.length, 0);
    for (const [, secret = ""] of secrets) assert.ok(!state.includes(secret));
    assert.ok(!state.includes("current-context"));
  });

  it("has no changes, though Kubernetes filled in defaults", assertNoChanges);

  it("has no changes after the replicas of a version moved", async () => {
    const path = `/apis/apps/v1/namespaces/${namespace.name}/deployments/churn-blue?fieldManager=scaler&force=true`;
    await namespace.ask("PATCH", path, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "churn-blue" },
      spec: { replicas: 2 },
    });
    await assertNoChanges();
  });

  it("has no changes after the library's code changed, but not what it deploys", async () => {
    const files = globSync(join(stack.library, "**/*.js"));
    assert.ok(files.includes(join(stack.library, "provider/release/release-operations.js")));
    for (const file of files) await appendFile(file, "\n// Another version.\n");
    await assertNoChanges();
  });

  it("is updated without restarting anything after the kubeconfig was renewed", async () => {
    const before = await podUids();
    await stack.setKubeConfig(`${namespace.kubeconfig}\n# renewed\n`);
    const steps = changingSteps(await stack.preview());
    assert.deepEqual(
      steps.map(({ op }) => op),
      ["update", "update", "update"],
    );
    await expectSuccess(stack.up());
    assert.deepEqual(await podUids(), before);
    await assertNoChanges();
  });

  it("replaces the pods when the code that they run changed, and prunes the former code", async () => {
    const before = await namespace.ownedObjects();
    await appendFile(join(stack.library, "bundles/autoscaler.cjs"), "\n// Another version.\n");
    // A refresh looks for drift, not for what another version of the library would deploy.
    const { output } = await expectSuccess(stack.refresh());
    assert.ok(!output.includes("~drift"), output);
    const steps = changingSteps(await stack.preview());
    assert.deepEqual(
      steps.map(({ urn }) => urn.split("::").at(-1)),
      ["autoscaler"],
    );
    await expectSuccess(stack.up());
    // Both codes are there as long as a ReplicaSet could bring the former back.
    const bundles = (keys: readonly string[]) => keys.filter((key) => /-[0-9a-f]{16}$/.test(key));
    assert.equal(bundles(await namespace.ownedObjects()).length, bundles(before).length + 1);
    await assertNoChanges();
  });

  it("is adopted, without restarting anything, by a stack whose state was lost", async () => {
    const before = await podUids();
    await stack.loseState();
    await expectSuccess(stack.up());
    assert.deepEqual(await podUids(), before);
    await assertNoChanges();
  });

  it("is destroyed, with nothing left behind", async () => {
    await expectSuccess(stack.destroy());
    assert.deepEqual(await namespace.ownedObjects(), []);
  });
});
