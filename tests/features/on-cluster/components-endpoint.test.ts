// A router and an endpoint on a real cluster: nothing to do twice, drift healed, traffic moved in good order.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeFailure } from "../../../kubernetes/io/api-client";
import { versionObjectName } from "../../../validation/endpoint/names";
import { quickstartModelImage } from "../../../tools/images";
import { eventually } from "../../support/eventually";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  finished,
  openStack,
  type Preview,
  type Stack,
} from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

// Of this run: the last one's may still be going.
const NAMESPACE = `components-${randomBytes(3).toString("hex")}`;
const ENDPOINT = "stories";
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const { router, endpoint } = JSON.parse(readFileSync("arguments.json", "utf8"));
const kubeconfig = readFileSync("kubeconfig", "utf8");
const fe = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", ...router });
const { scoringUri, primaryKey, secondaryKey, versionStates } =
  new AmlModelEndpoint("${ENDPOINT}", { router: fe, ...endpoint });
Object.assign(exports, { scoringUri, primaryKey, secondaryKey, versionStates });
`;

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly uid: string; readonly deletionTimestamp?: string };
  }[];
}

type Version = Readonly<Record<string, unknown>>;

const model = (version: Version = {}): Version => ({
  image: quickstartModelImage,
  maxStreamSeconds: 60,
  environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" },
  ...version,
});

const blueName = versionObjectName(ENDPOINT, "blue");
const greenName = versionObjectName(ENDPOINT, "green");
const apps = `/apis/apps/v1/namespaces/${NAMESPACE}`;
const core = `/api/v1/namespaces/${NAMESPACE}`;
const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** Every kind that the components own beside the dynamic resources: where it is, and what somebody makes of it. */
const OWNED = [
  {
    resource: `apps/v1:Deployment ${blueName}`,
    path: `${apps}/deployments/${blueName}`,
    apiVersion: "apps/v1",
    kind: "Deployment",
    edit: { spec: { progressDeadlineSeconds: 7 } },
  },
  ...[
    ["fe-router", "aml-inference-router", 80],
    ["fe-autoscaler", "aml-inference-autoscaler", 9443],
    [blueName, blueName, 5001],
  ].map(([resource, name, port]) => ({
    resource: `core/v1:Service ${resource}`,
    path: `${core}/services/${name}`,
    apiVersion: "v1",
    kind: "Service",
    edit: { spec: { ports: [{ port, protocol: "TCP", targetPort: 7 }] } },
  })),
  ...[
    ...["router", "autoscaler"].flatMap((account) =>
      ["cluster", "endpoints"].map((where) => [
        `ClusterRole fe-${account}-${where}`,
        `clusterroles/aml-inference-${account}-${where}.${NAMESPACE}`,
      ]),
    ),
    ["Role fe-router", `namespaces/${NAMESPACE}/roles/aml-inference-router`],
    ["Role fe-autoscaler", `namespaces/${NAMESPACE}/roles/aml-inference-autoscaler`],
  ].map(([resource = "", path = ""]) => ({
    resource: `rbac.authorization.k8s.io/v1:${resource}`,
    path: `${rbac}/${path}`,
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: resource.split(" ")[0],
    edit: { rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }] },
  })),
];

const ADDRESS_UPDATE = "update pulumi-nodejs:dynamic/aml-inference:LoadBalancerAddress fe-router";
const COMPONENT_UPDATE =
  "update urn:pulumi:test aml-inference-test::aml-inference:index:AmlModelEndpoint::stories";

/** Steps of a preview, as `<op> <type> <name>`. */
const steps = (preview: Preview): string[] =>
  changingSteps(preview)
    .map(({ op, urn }) => `${op} ${urn.split("$").at(-1)?.replace("::", " ") ?? ""}`)
    .sort();

describe("A router and an endpoint on a cluster", () => {
  let cluster: TestCluster;
  let stack: Stack;

  const declare = (endpoint: object, router: object = {}) =>
    writeFile(
      join(stack.folder, "arguments.json"),
      JSON.stringify({
        router: { namespace: NAMESPACE, ...router },
        endpoint: { namespace: NAMESPACE, ...endpoint },
      }),
    );
  const up = async (endpoint: object) => {
    await declare(endpoint);
    return expectSuccess(stack.up());
  };
  /** What somebody with kubectl would change. */
  const edit = async (path: string, body: object) => {
    const contentType = "application/merge-patch+json";
    const answer = await cluster.client.request({ method: "PATCH", path, body, contentType });
    assert.equal(answer.status, 200, describeFailure(answer));
  };
  const deployment = async (name: string) =>
    (await call(cluster.client, "GET", `${apps}/deployments/${name}`)) as {
      readonly metadata: { readonly generation: number };
      readonly spec: { readonly replicas: number };
    };
  const status = async (key: string | undefined): Promise<number> => {
    const { scoringUri } = await stack.outputs();
    const { status: code } = await fetch(String(scoringUri), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ data: [Array.from({ length: 10 }, () => 0)] }),
    });
    return code;
  };
  const assertNoChanges = async () => {
    assert.deepEqual(steps(await stack.preview("--expect-no-changes")), []);
    await expectSuccess(stack.up("--expect-no-changes"));
  };

  const two = {
    versions: { blue: model({ isDefault: true }), green: model({ trafficPercentile: 10 }) },
  };

  before(async () => {
    cluster = await testCluster();
    stack = await openStack({ program: PROGRAM, copyLibrary: true });
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(cluster.kubeconfig, "utf8"));
    await up(two);
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await deleteNamespace(cluster.client, NAMESPACE);
  });

  it("answers whoever has one of the two keys", async () => {
    const { primaryKey, secondaryKey, versionStates } = await stack.outputs();
    assert.deepEqual(versionStates, { blue: "Healthy", green: "Healthy" });
    assert.deepEqual(
      await Promise.all([String(primaryKey), String(secondaryKey), undefined, "x"].map(status)),
      [200, 200, 401, 401],
    );
  });

  it("lets router and autoscaler read and scale where its endpoints are, and nowhere else", async () => {
    const may = async (account: string, namespace: string, verb: string, of: string) => {
      const [group = "", resource = "", subresource] = of.split("/");
      const review = await call(
        cluster.client,
        "POST",
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        {
          ...{ apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview" },
          spec: {
            user: `system:serviceaccount:${NAMESPACE}:aml-inference-${account}`,
            resourceAttributes: { namespace, verb, group, resource, subresource },
          },
        },
      );
      return (review as { readonly status: { readonly allowed: boolean } }).status.allowed;
    };
    const rights = [
      ["router", "list", "/pods"],
      ["router", "list", "discovery.k8s.io/endpointslices"],
      ["autoscaler", "list", "/pods"],
      ["autoscaler", "update", "apps/deployments/scale"],
      ["autoscaler", "create", "events.k8s.io/events"],
    ] as const;
    for (const [account, verb, of] of rights) {
      assert.equal(await may(account, NAMESPACE, verb, of), true, `${account} ${verb} ${of}`);
      assert.equal(await may(account, "kube-system", verb, of), false, `${account} ${verb} ${of}`);
    }
    for (const account of ["router", "autoscaler"])
      assert.equal(await may(account, NAMESPACE, "get", "/secrets"), false);
  });

  it("keeps no key, certificate or token in clear in its state, also after a refresh", async () => {
    const { primaryKey, secondaryKey } = await stack.outputs();
    const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
    const credentials = [...kubeconfig.matchAll(/(?:key-data|token)"?: *"?([^"\s]{20,})/g)];
    assert.notEqual(credentials.length, 0);
    const secrets = [primaryKey, secondaryKey, ...credentials.map(([, value]) => value)];
    const inClear = async () => {
      const state = await stack.stateText();
      return secrets.filter((secret) => state.includes(String(secret))).length;
    };
    assert.equal(await inClear(), 0);
    await expectSuccess(stack.refresh());
    assert.equal(await inClear(), 0);
    assert.equal((await stack.outputs())["primaryKey"], primaryKey);
  });

  it("has nothing to do twice, nor after the autoscaler moved an autoscaled version's replicas", async () => {
    await assertNoChanges();
    const autoscale = { minReplicas: 2 };
    const grown = { ...two.versions, blue: model({ isDefault: true, autoscale }) };
    await up({ versions: grown });
    const before = await eventually("the autoscaler has added a replica", async () => {
      const { metadata, spec } = await deployment(blueName);
      return spec.replicas === 2 && metadata.generation;
    });
    await assertNoChanges();
    await expectSuccess(stack.refresh());
    await assertNoChanges();
    const blue = model({ isDefault: true, autoscale, description: "somewhat changed" });
    await up({ versions: { ...grown, blue } });
    const after = await deployment(blueName);
    // Kubernetes counts the new annotation as one change; a number taken away and given back would be two more.
    assert.deepEqual([after.spec.replicas, after.metadata.generation], [2, before + 1]);
  });

  it("takes a renewed kubeconfig into its state and restarts nothing", async () => {
    const pods = async () =>
      ((await call(cluster.client, "GET", `${core}/pods`)) as PodList).items
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ metadata }) => metadata.uid)
        .sort();
    const before = await pods();
    const path = join(stack.folder, "kubeconfig");
    await appendFile(path, "\n");
    // The state's copies, with which a later destroy works.
    assert.deepEqual(steps(await stack.preview()), [
      "update pulumi-nodejs:dynamic/aml-inference:AutoscalerDeployment fe",
      "update pulumi-nodejs:dynamic/aml-inference:EndpointNamespaces fe",
      "update pulumi-nodejs:dynamic/aml-inference:EndpointRoute stories",
      "update pulumi-nodejs:dynamic/aml-inference:LoadBalancerAddress fe-router",
      "update pulumi-nodejs:dynamic/aml-inference:RouterDeployment fe",
      "update pulumi:providers:kubernetes fe",
      // Its URIs aren't known before the address is looked up with the new kubeconfig.
      COMPONENT_UPDATE,
    ]);
    await expectSuccess(stack.up());
    await assertNoChanges();
    assert.deepEqual(await pods(), before);
  });

  it("takes the number of replicas from the autoscaler, and gives it back", async () => {
    await up({ versions: { ...two.versions, blue: model({ isDefault: true, numReplicas: 2 }) } });
    assert.equal((await deployment(blueName)).spec.replicas, 2);
    await assertNoChanges();
    await up({ versions: { ...two.versions, blue: model({ isDefault: true, numReplicas: 1 }) } });
    assert.equal((await deployment(blueName)).spec.replicas, 1);
    await up(two);
    await assertNoChanges();
  });

  it("replaces one key as its number rises, while the other goes on serving", async () => {
    const before = await stack.outputs();
    await up({ ...two, keyVersions: { primaryKey: 2 } });
    const { primaryKey, secondaryKey } = await stack.outputs();
    assert.equal(secondaryKey, before["secondaryKey"]);
    assert.deepEqual(
      await Promise.all([before["primaryKey"], primaryKey, secondaryKey].map(String).map(status)),
      [401, 200, 200],
    );
    await declare(two);
    const { output } = await expectFailure(stack.up());
    assert.match(output, /keyVersions\.primaryKey can't decrease: it was 2 and is 1/);
  });

  it("takes a removed version's traffic away before its replicas", async () => {
    const { output } = await up({ versions: { blue: model() }, keyVersions: { primaryKey: 2 } });
    const routed = output.search(/EndpointRoute stories updated/);
    const removed = output.search(new RegExp(`Deployment ${greenName} deleting`));
    assert.ok(routed > 0 && removed > routed, output);
    await up({ ...two, keyVersions: { primaryKey: 2 } });
  });

  it("refuses another namespace", async () => {
    await declare({ ...two, keyVersions: { primaryKey: 2 }, namespace: "elsewhere" });
    const { output } = await expectFailure(stack.up());
    assert.match(
      output,
      /namespace can't change, .* it was "components-[0-9a-f]+" and is "elsewhere"/,
    );
    await up({ ...two, keyVersions: { primaryKey: 2 } });
  });

  it("shows and heals what somebody edited", async () => {
    for (const { path, apiVersion, kind, edit } of OWNED) {
      const body = { apiVersion, kind, ...edit };
      await call(cluster.client, "PATCH", `${path}?fieldManager=somebody&force=true`, body);
    }
    await expectSuccess(stack.refresh());
    const found = steps(await stack.preview());
    const guards = ["fe", ENDPOINT].map(
      (name) => `update pulumi-nodejs:dynamic/aml-inference:DeclaredObjects ${name}`,
    );
    const updates = OWNED.map(({ resource }) => `update kubernetes:${resource}`);
    assert.deepEqual(found, [...updates, ...guards].sort());
    await expectSuccess(stack.up());
    await assertNoChanges();
  });

  it("shows and heals what somebody deleted", async () => {
    const binding = `aml-inference-router-endpoints.${NAMESPACE}`;
    const bindings = `${rbac}/namespaces/${NAMESPACE}/rolebindings`;
    for (const path of [...OWNED.map((owned) => owned.path), `${bindings}/${binding}`]) {
      await call(cluster.client, "DELETE", path);
    }
    await expectSuccess(stack.refresh());
    const found = steps(await stack.preview());
    assert.ok(found.includes("update pulumi-nodejs:dynamic/aml-inference:EndpointNamespaces fe"));
    assert.deepEqual(
      found.filter((step) => step.startsWith("create ")),
      OWNED.map(({ resource }) => `create kubernetes:${resource}`).sort(),
    );
    await expectSuccess(stack.up());
    await assertNoChanges();
  });

  it("heals a router without an address and an endpoint without replicas, with and without a refresh", async () => {
    const service = `${core}/services/aml-inference-router`;
    const damage = async () => {
      await edit(service, { spec: { type: "ClusterIP" } });
      await call(cluster.client, "DELETE", `${apps}/deployments/${blueName}`);
    };
    await damage();
    const { output } = await expectSuccess(stack.up());
    assert.match(output, /Service\/aml-inference-router: spec\.type/);
    assert.match(output, new RegExp(`Deployment/${blueName}: \\(deleted\\)`));
    await assertNoChanges();
    await damage();
    await expectSuccess(stack.refresh());
    assert.ok(steps(await stack.preview()).includes(ADDRESS_UPDATE));
    await expectSuccess(stack.up());
    await assertNoChanges();
    const { primaryKey } = await stack.outputs();
    assert.equal(await status(String(primaryKey)), 200);
  });

  it("has the new address when the program asks for another load balancer, or the cloud gives another one", async () => {
    const { primaryKey, scoringUri: atFirst } = await stack.outputs();
    const declared = { ...two, keyVersions: { primaryKey: 2 } };
    await declare(declared, { loadBalancerType: "InternalLoadBalancer" });
    const preview = await stack.preview();
    assert.ok(steps(preview).includes(ADDRESS_UPDATE));
    await expectSuccess(stack.up());
    const { scoringUri: internal } = await stack.outputs();
    assert.notEqual(internal, atFirst);
    assert.equal(await status(String(primaryKey)), 200);
    // As a cloud writes it, on its own account.
    const ingress = [{ ip: "127.0.10.250", ipMode: "VIP" }];
    const path = `${core}/services/aml-inference-router/status`;
    await edit(path, { status: { loadBalancer: { ingress } } });
    assert.deepEqual(steps(await stack.preview()), [ADDRESS_UPDATE, COMPONENT_UPDATE]);
    await expectSuccess(stack.up());
    assert.match(String((await stack.outputs())["scoringUri"]), /^http:\/\/127\.0\.10\.250\//);
    assert.equal(await status(String(primaryKey)), 200);
    await up(declared);
    await assertNoChanges();
  });

  it("adopts everything when its state is lost", async () => {
    for (const args of [
      ["stack", "rm", "test", "--yes", "--force"],
      ["stack", "init", "test"],
    ]) {
      await expectSuccess(finished(await stack.start(args)));
    }
    await declare(two);
    await expectSuccess(stack.up());
    await assertNoChanges();
    const { primaryKey } = await stack.outputs();
    assert.equal(await status(String(primaryKey)), 200);
  });
});
