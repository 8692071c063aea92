// Whom a component's objects belong to, and what a plain `up` makes of what somebody edited or deleted.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OWNER_ANNOTATION } from "../../../contracts/owner-mark";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { quickstartModelImage } from "../../../tools/images";
import { versionObjectName } from "../../../validation/endpoint/names";
import {
  changingSteps,
  type CommandResult,
  expectFailure,
  expectSuccess,
  finished,
  openStack,
  type Stack,
} from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

const NAMESPACE = `obj-${randomBytes(3).toString("hex")}`;
const ENDPOINT = "owned";
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const { name, router, options, endpoint } = JSON.parse(readFileSync("arguments.json", "utf8"));
const kubeconfig = readFileSync("kubeconfig", "utf8");
if (router !== undefined) {
  const fe = new AmlInferenceRouter(name, { kubeconfig, clusterPurpose: "DevTest", ...router }, options);
  if (endpoint !== undefined) new AmlModelEndpoint("${ENDPOINT}", { router: fe, ...endpoint });
}
`;

const router = { namespace: NAMESPACE };
const endpoint = {
  namespace: NAMESPACE,
  versions: {
    blue: {
      image: quickstartModelImage,
      maxStreamSeconds: 60,
      environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" },
    },
  },
};

const blue = versionObjectName(ENDPOINT, "blue");
const apps = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const services = `/api/v1/namespaces/${NAMESPACE}/services`;
const routerService = `${services}/aml-inference-router`;
const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/aml-inference-router`;
const clusterRole = `/apis/rbac.authorization.k8s.io/v1/clusterroles/aml-inference-router-cluster.${NAMESPACE}`;

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number;
}

describe("Declared objects", () => {
  let cluster: TestCluster;
  let mine: Stack;
  let theirs: Stack;

  const declare = (stack: Stack, program: object) =>
    writeFile(join(stack.folder, "arguments.json"), JSON.stringify({ name: "fe", ...program }));
  const previewOf = async (stack: Stack, name: string): Promise<CommandResult> =>
    finished(await stack.start(["preview", "--non-interactive", "--stack", name]));
  const read = async (path: string) =>
    (await call(cluster.client, "GET", path)) as KubeObject & {
      readonly spec: {
        readonly type: string;
        readonly ports: readonly Port[];
        readonly template: {
          readonly spec: {
            readonly containers: readonly {
              readonly name: string;
              readonly ports: readonly { readonly containerPort: number }[];
            }[];
          };
        };
      };
    };
  const edit = async (path: string, patch: unknown) => {
    const contentType = "application/merge-patch+json";
    const answer = await cluster.client.request({
      method: "PATCH",
      path,
      body: patch,
      contentType,
    });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
  };
  const ports = async (path: string) =>
    (await read(path)).spec.ports.map(({ name, port, protocol }) => [name, port, protocol]);
  const assertNoChanges = async (stack: Stack) => {
    assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
  };
  const withContainer = async (change: object) => {
    const { spec } = await read(`${apps}/${blue}`);
    const [container] = spec.template.spec.containers;
    return { spec: { template: { spec: { containers: [{ ...container, ...change }] } } } };
  };

  before(async () => {
    cluster = await testCluster();
    const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
    const open = async (name: string) => {
      const stack = await openStack({ program: PROGRAM, copyLibrary: true, name });
      await writeFile(join(stack.folder, "kubeconfig"), kubeconfig);
      return stack;
    };
    [mine, theirs] = [await open("mine"), await open("theirs")];
    await declare(mine, { router, endpoint });
    await declare(theirs, { router });
    await expectSuccess(mine.up());
  });
  after(async () => {
    for (const stack of [theirs, mine]) {
      await expectSuccess(stack.destroy());
      await stack.close();
    }
    await deleteNamespace(cluster.client, NAMESPACE);
  });

  it("are refused to another stack, whose destroy leaves them", async () => {
    await assertNoChanges(mine);
    const before = await read(routerService);
    assert.equal(
      before.metadata.annotations?.[OWNER_ANNOTATION],
      "organization/aml-inference-test/mine AmlInferenceRouter fe",
    );
    const refusal =
      /Service aml-inference-router.* belong to stack organization\/aml-inference-test\/mine \(AmlInferenceRouter fe\), so nothing was changed: .*handOverTo: "organization\/aml-inference-test\/theirs".* run: kubectl annotate --namespace obj-\w+ .*service\/aml-inference-router.* aml-inference\.io\/owner-/;
    for (const command of [previewOf(theirs, "theirs"), theirs.up()]) {
      const { output } = await expectFailure(command);
      assert.match(output, refusal);
    }
    await expectSuccess(theirs.destroy());
    assert.equal((await read(routerService)).metadata.uid, before.metadata.uid);
    assert.equal(
      (await read(routerService)).metadata.resourceVersion,
      before.metadata.resourceVersion,
    );
    await assertNoChanges(mine);
  });

  for (const refreshed of [false, true]) {
    it(`are corrected ${refreshed ? "after" : "without"} a refresh, however their ports were edited`, async () => {
      const before = await read(routerService);
      const http = { name: "http", port: 80, targetPort: 8080, protocol: "TCP" };
      // Renumbered, and another in its place; with another protocol, and one added; renumbered.
      await edit(routerService, {
        spec: {
          ports: [
            { ...http, port: 8080 },
            { ...http, name: "other" },
          ],
        },
      });
      await edit(`${services}/aml-inference-autoscaler`, {
        spec: {
          ports: [
            { name: "samples", port: 9443, protocol: "UDP" },
            { name: "extra", port: 9444 },
          ],
        },
      });
      await edit(`${services}/${blue}`, { spec: { ports: [{ name: "http", port: 5002 }] } });
      const changed = { ports: [{ name: "http", containerPort: 5003 }] };
      await edit(`${apps}/${blue}`, await withContainer(changed));
      if (refreshed) await expectSuccess(mine.refresh());
      const command = ["up", "--yes", "--non-interactive", "--stack", "mine"];
      const { output } = await expectSuccess(finished(await mine.start(command)));
      for (const named of [
        "AmlInferenceRouter fe differs from what was deployed: ",
        "Service/aml-inference-router: spec.ports[8080/TCP]",
        "AmlModelEndpoint owned differs from what was deployed: ",
        `Deployment/${blue}: spec.template.spec.containers[model].ports[5003/TCP]`,
      ]) {
        assert.ok(output.includes(named), `${named}\n${output}`);
      }
      assert.deepEqual(await ports(routerService), [["http", 80, "TCP"]]);
      assert.deepEqual(await ports(`${services}/aml-inference-autoscaler`), [
        ["samples", 9443, "TCP"],
      ]);
      assert.deepEqual(await ports(`${services}/${blue}`), [["http", 5001, "TCP"]]);
      const { spec } = await read(`${apps}/${blue}`);
      const [container] = spec.template.spec.containers;
      assert.deepEqual(
        container?.ports.map(({ containerPort }) => containerPort),
        [5001],
      );
      await assertNoChanges(mine);
      assert.equal((await read(routerService)).metadata.uid, before.metadata.uid);
    });
  }

  it("are corrected without a refresh when they were deleted, retyped, or have a second container", async () => {
    await call(cluster.client, "DELETE", account);
    await call(cluster.client, "DELETE", clusterRole);
    await edit(routerService, { spec: { type: "ClusterIP" } });
    await edit(`${services}/aml-inference-autoscaler`, {
      spec: {
        type: "ExternalName",
        externalName: "example.org",
        clusterIP: null,
        clusterIPs: null,
      },
    });
    await edit(`${apps}/${blue}`, await withContainer({ name: "renamed" }));
    const { output } = await expectSuccess(mine.up());
    for (const named of [
      "ServiceAccount/aml-inference-router: (deleted)",
      `ClusterRole/aml-inference-router-cluster.${NAMESPACE}: (deleted)`,
      "spec.type",
      "spec.template.spec.containers[renamed]",
    ]) {
      assert.ok(output.includes(named), `${named}\n${output}`);
    }
    assert.equal((await read(routerService)).spec.type, "LoadBalancer");
    assert.equal((await read(`${services}/aml-inference-autoscaler`)).spec.type, "ClusterIP");
    const { spec } = await read(`${apps}/${blue}`);
    assert.deepEqual(
      spec.template.spec.containers.map(({ name }) => name),
      ["model"],
    );
    await read(account);
    await read(clusterRole);
    await assertNoChanges(mine);
    await expectSuccess(mine.refresh());
    await assertNoChanges(mine);
  });

  it("stay a renamed component's, which needs its alias", async () => {
    await declare(mine, { name: "main", router, endpoint });
    const { output } = await expectFailure(previewOf(mine, "mine"));
    assert.match(
      output,
      /belong to AmlInferenceRouter fe of the same stack, not to AmlInferenceRouter main: if the component was renamed, give it the option aliases: \[\{ name: "fe" \}\]/,
    );
    await declare(mine, { name: "main", options: { aliases: [{ name: "fe" }] }, router, endpoint });
    const { metadata } = await read(routerService);
    await expectSuccess(mine.up());
    await assertNoChanges(mine);
    const renamed = await read(routerService);
    assert.equal(renamed.metadata.uid, metadata.uid);
    assert.match(
      renamed.metadata.annotations?.[OWNER_ANNOTATION] ?? "",
      /mine AmlInferenceRouter main$/,
    );
  });

  it("are handed over: the other stack takes them, and the former owner's removal keeps them", async () => {
    const { metadata } = await read(routerService);
    const given = { ...router, handOverTo: "aml-inference-test/theirs" };
    const named = { name: "main", options: { aliases: [{ name: "fe" }] } };
    await declare(mine, { ...named, router: given });
    await expectSuccess(mine.up());
    await assertNoChanges(mine);
    await expectSuccess(theirs.up());
    await assertNoChanges(theirs);
    const { output } = await expectFailure(mine.up());
    assert.match(
      output,
      /belong to stack organization\/aml-inference-test\/theirs \(AmlInferenceRouter fe\) now, as handed over: remove AmlInferenceRouter main from this program/,
    );
    await declare(mine, {});
    await expectSuccess(mine.up());
    const kept = await read(routerService);
    assert.equal(kept.metadata.uid, metadata.uid);
    assert.equal(
      kept.metadata.annotations?.[OWNER_ANNOTATION],
      "organization/aml-inference-test/theirs AmlInferenceRouter fe",
    );
    await read(`${apps}/aml-inference-router`);
    await assertNoChanges(theirs);
  });
});
