// A tenant with rights on ModelEndpoints, pods and EndpointSlices of its own namespaces, and nothing else.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  API_VERSION,
  ENDPOINT_LABEL,
  type ModelEndpoint,
  type ModelEndpointSpec,
  PLURAL,
  VERSION_LABEL,
} from "../../../contracts/model-endpoint/model-endpoint";
import { NAMES_CONFIG_MAP } from "../../../contracts/model-endpoint/name-claims";
import { ENDPOINT_ACCOUNTS, endpointsRole } from "../../../contracts/pods/endpoint-rights";
import { ROUTER_NAME } from "../../../contracts/pods/pod-defaults";
import { SERVICE_NAME_LABEL } from "../../../kubernetes/core/endpoint-slice";
import { type ListedDeployment, type ListedPod } from "../../../kubernetes/core/workload";
import { type ApiClient } from "../../../kubernetes/io/api-client";
import { quickstartModelImage } from "../../../tools/images";
import { openAccount } from "../../support/account-client";
import { eventually } from "../../support/eventually";
import { autoscaleOf, versionOf } from "../../support/model-endpoints";
import { AGENT, pidsOf, runInContainer } from "../../support/run-in-container";
import { expectSuccess, openStack, type Stack } from "../../support/stack";
import { call, createNamespace, deleteNamespace, testCluster } from "../../support/test-cluster";

const ROUTER = `tenants-router-${randomBytes(3).toString("hex")}`;
const SAMPLE = JSON.stringify({ data: [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] });
const QUOTA = 3;

const program = (models: string, tenant: string) => `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", {
  kubeconfig, clusterPurpose: "DevTest", namespace: "${ROUTER}",
  allowedNamespaces: ["${tenant}"], maxEndpointsPerNamespace: ${QUOTA},
});
const endpoint = new AmlModelEndpoint("prize", {
  router, namespace: "${models}", authEnabled: false,
  versions: { blue: {
    image: "${quickstartModelImage}",
    environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" },
    autoscale: { minReplicas: 1, maxReplicas: 2 }, maxQueueWaitMs: 30000,
  } },
});
exports.scoringUri = endpoint.scoringUri;
`;

describe("A tenant who may write ModelEndpoints, pods and EndpointSlices in its namespaces", () => {
  let admin: ApiClient;
  let tenant: ApiClient;
  let kubeconfig: string;
  let stack: Stack;
  let scoringUri: string;
  /** Of the stack's endpoint, of the tenant where the router allows it, and where it doesn't. */
  let models: string;
  let allowed: string;
  let elsewhere: string;

  const endpointPath = (namespace: string, name = "") =>
    `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}/${name}`;
  const write = (namespace: string, name: string, spec: Partial<ModelEndpointSpec> = {}) =>
    call(tenant, "POST", endpointPath(namespace).replace(/\/$/, ""), {
      apiVersion: API_VERSION,
      kind: "ModelEndpoint",
      metadata: { name },
      spec: {
        routerNamespace: ROUTER,
        authentication: { mode: "None" },
        versions: [versionOf("blue", { serviceName: name, deploymentName: name })],
        ...spec,
      },
    });
  const read = async (namespace: string, name: string) =>
    (await call(admin, "GET", endpointPath(namespace, name))) as ModelEndpoint;
  const remove = (client: ApiClient, namespace: string, name: string) =>
    call(client, "DELETE", endpointPath(namespace, name));
  /** Waits until the routers accept the endpoint, or refuse it for the reason; returns the message. */
  const accepted = (namespace: string, name: string, reason: string) =>
    eventually(`${name} in ${namespace} is ${reason}`, async () => {
      const { status } = await read(namespace, name);
      const condition = status?.conditions?.find(({ type }) => type === "Accepted");
      return condition?.reason === reason ? condition.message : undefined;
    });
  const score = async (name: string) => {
    const headers = { "content-type": "application/json" };
    const uri = scoringUri.replace("/prize/", `/${name}/`);
    const answer = await fetch(uri, { method: "POST", headers, body: SAMPLE });
    return { status: answer.status, text: await answer.text() };
  };
  /** A pod that answers everything with `stolen`, and its address once it is ready. */
  const startPod = async (
    client: ApiClient,
    namespace: string,
    name: string,
    labels: Readonly<Record<string, string>>,
  ) => {
    const serve = `require("node:http").createServer((request, response) => response.end("stolen")).listen(5001)`;
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await call(client, "POST", path, {
      metadata: { name, labels },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            ...{ name: "model", image: "node:24", imagePullPolicy: "IfNotPresent" },
            command: ["node", "-e", serve],
            readinessProbe: { httpGet: { path: "/", port: 5001 }, periodSeconds: 1 },
          },
        ],
      },
    });
    return eventually(`${name} is ready`, async () => {
      const { status } = (await call(client, "GET", `${path}/${name}`)) as ListedPod;
      const isReady = status?.conditions?.some(
        (each) => each.type === "Ready" && each.status === "True",
      );
      return isReady === true ? status?.podIP : undefined;
    });
  };

  before(async () => {
    const cluster = await testCluster();
    ({ client: admin, kubeconfig } = cluster);
    models = await createNamespace(admin, "tenants-models");
    allowed = await createNamespace(admin, "tenants-allowed");
    elsewhere = await createNamespace(admin, "tenants-elsewhere");
    const rbac = "rbac.authorization.k8s.io";
    const account = { kind: "ServiceAccount", name: "tenant", namespace: allowed };
    await call(admin, "POST", `/api/v1/namespaces/${allowed}/serviceaccounts`, {
      metadata: { name: "tenant" },
    });
    for (const namespace of [allowed, elsewhere]) {
      const path = `/apis/${rbac}/v1/namespaces/${namespace}`;
      const verbs = ["*"];
      await call(admin, "POST", `${path}/roles`, {
        metadata: { name: "tenant" },
        rules: [
          { apiGroups: ["aml-inference.io"], resources: [PLURAL], verbs },
          { apiGroups: [""], resources: ["pods"], verbs },
          { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs },
        ],
      });
      await call(admin, "POST", `${path}/rolebindings`, {
        metadata: { name: "tenant" },
        roleRef: { apiGroup: rbac, kind: "Role", name: "tenant" },
        subjects: [account],
      });
    }
    tenant = await openAccount(cluster, allowed, "tenant");
    stack = await openStack({ program: program(models, allowed) });
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(kubeconfig, "utf8"));
    await expectSuccess(stack.up());
    scoringUri = String((await stack.outputs())["scoringUri"]);
    assert.equal((await score("prize")).status, 200);
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    for (const namespace of [models, allowed, elsewhere, ROUTER]) {
      await deleteNamespace(admin, namespace);
    }
  });

  it("gets nothing served in a namespace that the router doesn't allow, and learns what would", async () => {
    await write(elsewhere, "uninvited");
    const message = await accepted(elsewhere, "uninvited", "NamespaceNotAllowed");
    assert.match(message, new RegExp(`namespace ${elsewhere}: add it to allowedNamespaces`));
    assert.equal((await score("uninvited")).status, 404);
    const claim = `/api/v1/namespaces/${ROUTER}/configmaps/${NAMES_CONFIG_MAP}`;
    await assert.rejects(call(tenant, "PATCH", claim, { data: {} }), /403|forbidden/i);
  });

  it("never gets a name of others, also while they delete their endpoint and make it again", async () => {
    await write(allowed, "prize");
    assert.match(
      await accepted(allowed, "prize", "NameTaken"),
      new RegExp(`belongs to namespace ${models}`),
    );
    await remove(admin, models, "prize");
    await eventually(
      "the owner's endpoint is out of service",
      async () => (await score("prize")).status === 404,
    );
    // Longer than the agent takes to serve what it is allowed to.
    await write(allowed, "marker");
    await accepted(allowed, "marker", "Applied");
    assert.equal((await score("prize")).status, 404);
    await accepted(allowed, "prize", "NameTaken");
    const result = await expectSuccess(stack.up());
    assert.match(result.output, /endpoint prize in namespace/);
    assert.equal((await score("prize")).status, 200);
    await accepted(allowed, "prize", "NameTaken");
    await remove(tenant, allowed, "prize");
    await remove(tenant, allowed, "marker");
  });

  it("leads requests nowhere by slices of its own: no other namespace, no node, no stranger", async () => {
    const { items } = (await call(admin, "GET", `/api/v1/namespaces/${models}/pods`)) as {
      readonly items: readonly ListedPod[];
    };
    const victim = items[0]?.status?.podIP;
    assert.ok(victim !== undefined);
    const own = await startPod(tenant, allowed, "stranger", {
      [ENDPOINT_LABEL]: "lure",
      [VERSION_LABEL]: "blue",
    });
    await write(allowed, "lure");
    const addresses = [victim, own, "169.254.169.254", "10.43.0.1"];
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${allowed}/endpointslices`;
    for (const [index, address] of addresses.entries()) {
      // The API server itself refuses link-local addresses.
      await call(tenant, "POST", slices, {
        metadata: {
          name: `lure-${index}`,
          labels: { [ENDPOINT_LABEL]: "lure", [SERVICE_NAME_LABEL]: "lure" },
        },
        addressType: "IPv4",
        ports: [{ port: 5001 }],
        endpoints: [
          {
            addresses: [address],
            conditions: { ready: true },
            targetRef: { kind: "Pod", name: "stranger", namespace: allowed },
          },
        ],
      }).catch((error: unknown) => assert.match(String(error), /link-local/));
    }
    await accepted(allowed, "lure", "Applied");
    for (let each = 0; each < 5; each++) assert.equal((await score("lure")).status, 503);
    await remove(tenant, allowed, "lure");
  });

  it("beyond its quota the eldest of its endpoints are served, and nobody else's are concerned", async () => {
    const names = Array.from({ length: QUOTA + 1 }, (_, index) => `many-${index}`);
    for (const name of names) {
      await write(allowed, name);
      await accepted(allowed, name, name === `many-${QUOTA}` ? "QuotaExceeded" : "Applied");
    }
    assert.equal((await score("prize")).status, 200);
    const bombs = versionOf("blue", {
      autoscale: autoscaleOf({ minReplicas: 2_147_483_647, maxReplicas: 2_147_483_647 }),
    });
    await assert.rejects(
      write(allowed, "bomb", { versions: [bombs] }),
      /less than or equal to 1000/,
    );
  });

  it("with the labels of a version, or the name of its Deployment, gets neither its traffic nor its replicas", async () => {
    const labels = { [ENDPOINT_LABEL]: "prize", [VERSION_LABEL]: "blue" };
    await startPod(admin, models, "stranger", labels);
    await eventually("the stranger is in the Service's slices", async () => {
      const list = await call(
        admin,
        "GET",
        `/apis/discovery.k8s.io/v1/namespaces/${models}/endpointslices`,
      );
      return JSON.stringify(list).includes('"name":"stranger"');
    });
    const { versions } = (await read(models, "prize")).spec;
    const { deploymentName = "", serviceName = "" } = versions[0] ?? {};
    const thief = versionOf("blue", {
      ...{ deploymentName, serviceName },
      autoscale: autoscaleOf({ minReplicas: 5, maxReplicas: 5 }),
    });
    await call(admin, "POST", endpointPath(models).replace(/\/$/, ""), {
      apiVersion: API_VERSION,
      kind: "ModelEndpoint",
      metadata: { name: "thief" },
      spec: { routerNamespace: ROUTER, authentication: { mode: "None" }, versions: [thief] },
    });
    await eventually("the autoscaler says why it doesn't scale", async () => {
      const [version] = (await read(models, "thief")).status?.versions ?? [];
      return version?.reason === "DeploymentNotOwn";
    });
    await accepted(models, "thief", "Applied");
    assert.equal((await score("thief")).status, 503);
    for (let each = 0; each < 20; each++) {
      const { status, text } = await score("prize");
      assert.deepEqual([status, text.includes("stolen")], [200, false]);
    }
    const path = `/apis/apps/v1/namespaces/${models}/deployments/${deploymentName}`;
    const { spec } = (await call(admin, "GET", path)) as ListedDeployment;
    assert.ok((spec?.replicas ?? 0) <= 2, `${spec?.replicas} replicas`);
    await remove(admin, models, "thief");
  });

  it("who deletes a namespace's RoleBindings gets no request for addresses there that nobody verifies, until they are back", async () => {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${models}/rolebindings`;
    for (const account of ENDPOINT_ACCOUNTS) {
      await call(admin, "DELETE", `${path}/${endpointsRole(account, ROUTER)}`);
    }
    // What is watched stays current; a watch ends after five minutes, or with its agent.
    const pods = `/api/v1/namespaces/${ROUTER}/pods?labelSelector=app.kubernetes.io/name=${ROUTER_NAME}`;
    const { items } = (await call(admin, "GET", pods)) as { readonly items: readonly ListedPod[] };
    const at = { namespace: ROUTER, pod: items[0]?.metadata.name ?? "", container: "agent" };
    await runInContainer(kubeconfig, at, ["sh", "-c", `kill -9 $(${pidsOf(AGENT)})`]);
    const isRefused = async () => (await score("prize")).status === 503;
    await eventually("its requests find no replica", isRefused, 90_000);
    const message = await accepted(models, "prize", "NamespaceUnreadable");
    assert.match(message, /sends no requests to replicas there.*403.*`pulumi up` there heals them/);
    await eventually("nothing is scaled there", async () => {
      const [version] = (await read(models, "prize")).status?.versions ?? [];
      return version?.reason === "NamespaceUnreadable";
    });
    await accepted(allowed, "many-0", "Applied");
    await expectSuccess(stack.up());
    await eventually("it is served again", async () => (await score("prize")).status === 200);
    await accepted(models, "prize", "Applied");
  }).timeout(300_000);

  it("changes nothing for a stack that is deployed", async () => {
    const { steps } = await stack.preview();
    assert.deepEqual(new Set(steps.map(({ op }) => op)), new Set(["same"]));
  });
});
