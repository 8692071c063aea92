// The quickstart's model image in a pod: Azure ML's inference server as v1's containers ran it.
import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { quickstartModelImage } from "../../../tools/images";
import { predictFromModelFile } from "../../../tools/quickstart";
import { eventually } from "../../support/eventually";
import { forwardPort, type ForwardedPort } from "../../support/forward-port";
import {
  call,
  createNamespace,
  deleteNamespace,
  testCluster,
  TEST_CLUSTER_TIMEOUT_MS,
  type TestCluster,
} from "../../support/test-cluster";

const rows = [
  [0.038, 0.051, 0.062, 0.022, -0.044, -0.035, -0.043, -0.003, 0.02, -0.018],
  [-0.002, -0.045, -0.051, -0.026, -0.008, -0.019, 0.074, -0.039, -0.068, -0.092],
  [0.085, 0.051, 0.044, -0.006, -0.046, -0.034, -0.032, -0.003, 0.003, -0.026],
];

describe("The quickstart's model image", function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let namespace: string;
  const forwarded = new Map<string, ForwardedPort>();

  before(async function () {
    this.timeout(TEST_CLUSTER_TIMEOUT_MS);
    cluster = await testCluster();
    namespace = await createNamespace(cluster.client, "model-image");
    for (const version of ["1", "2", "none"]) {
      await call(cluster.client, "POST", path("pods"), modelPod(version));
    }
    for (const version of ["1", "2"]) {
      await eventually(`version ${version} ready`, () => isReady(version));
      const target = { namespace, pod: `model-${version}`, port: 5001 };
      forwarded.set(version, await forwardPort(cluster.kubeconfig, target));
    }
  });

  after(async () => {
    for (const { close } of forwarded.values()) close();
    await deleteNamespace(cluster.client, namespace);
  });

  const path = (rest: string) => `/api/v1/namespaces/${namespace}/${rest}`;

  /** As the quickstart runs it, and no more rights than that. */
  function modelPod(version: string): object {
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `model-${version}` },
      spec: {
        securityContext: { runAsNonRoot: true },
        containers: [
          {
            name: "model",
            image: quickstartModelImage,
            imagePullPolicy: "IfNotPresent",
            env: [{ name: "AZUREML_MODEL_DIR", value: `azureml-models/diabetes/${version}` }],
            readinessProbe: { httpGet: { path: "/", port: 5001 }, periodSeconds: 1 },
            securityContext: {
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
      },
    };
  }

  async function pod(version: string): Promise<V1Pod> {
    return (await call(cluster.client, "GET", path(`pods/model-${version}`))) as V1Pod;
  }

  async function isReady(version: string): Promise<boolean> {
    const conditions = (await pod(version)).status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === "Ready" && status === "True");
  }

  function ask(version: string, route: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${forwarded.get(version)?.url ?? ""}${route}`, init);
  }

  function score(version: string, body: unknown, headers: object = {}): Promise<Response> {
    return ask(version, "/score", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  for (const version of ["1", "2"] as const) {
    it(`predicts with version ${version} what its model file predicts`, async () => {
      const response = await score(version, { data: rows });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("x-ms-run-function-failed"), "False");
      const expected = await predictFromModelFile(version, rows, cluster);
      assert.deepEqual(await response.json(), expected);
      assert.equal(expected.length, rows.length);
    });
  }

  it("predicts differently with each version", async () => {
    const answers = await Promise.all(
      ["1", "2"].map(async (version) => (await score(version, { data: rows })).json()),
    );
    assert.notDeepEqual(answers[0], answers[1]);
  });

  it("says that it is healthy, and describes itself in Swagger 2 and OpenAPI 3", async () => {
    assert.equal(await (await ask("1", "/")).text(), "Healthy");
    const swagger = (await (await ask("1", "/swagger.json")).json()) as Described;
    assert.equal(swagger.swagger, "2.0");
    assert.ok("/score" in swagger.paths);
    const input = JSON.stringify(swagger.definitions?.ServiceInput);
    assert.match(input, /"data"/);
    const openapi = (await (await ask("1", "/swagger.json?version=3")).json()) as Described;
    assert.match(openapi.openapi ?? "", /^3\./);
    assert.equal((await ask("1", "/swagger.json?version=9")).status, 404);
  });

  it("echoes the client's request ids and makes one where there is none", async () => {
    const named = await score("1", { data: rows }, { "x-ms-client-request-id": "client-7" });
    assert.equal(named.headers.get("x-ms-client-request-id"), "client-7");
    const requested = await score("1", { data: rows }, { "x-ms-request-id": "request-7" });
    assert.equal(requested.headers.get("x-ms-request-id"), "request-7");
    const unnamed = await score("1", { data: rows });
    assert.match(unnamed.headers.get("x-ms-request-id") ?? "", /^[0-9a-f-]{36}$/);
  });

  it("answers 500 with its headers when run() raises, and goes on serving", async () => {
    const response = await score("1", { data: [[1, 2]] });
    assert.equal(response.status, 500);
    assert.equal(response.headers.get("x-ms-run-function-failed"), "True");
    assert.match(response.headers.get("x-ms-server-version") ?? "", /^azmlinfsrv\/1\.5\.1/);
    assert.deepEqual(Object.keys((await response.json()) as object), ["message"]);
    assert.equal((await score("1", { data: rows })).status, 200);
  });

  it("ends with exit code 3 when init() fails, again and again", async () => {
    const end = await eventually("a pod in CrashLoopBackOff", async () => {
      const [container] = (await pod("none")).status?.containerStatuses ?? [];
      const waiting = container?.state?.waiting?.reason === "CrashLoopBackOff";
      return waiting ? container?.lastState?.terminated : undefined;
    });
    assert.equal(end.exitCode, 3);
  });
});

interface Described {
  readonly swagger?: string;
  readonly openapi?: string;
  readonly paths: object;
  readonly definitions?: { readonly ServiceInput?: unknown };
}
