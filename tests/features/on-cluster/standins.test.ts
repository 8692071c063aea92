// The stand-ins for the kubernetes and tls plugins: one program's life on the real CLI, told beside the vendor's.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiClient } from "../../../kubernetes/io/api-client";
import { preparePulumi, standInLauncher, versions } from "../../../tools/setup";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  type Preview,
  type PreviewStep,
  type Stack,
  withStack,
} from "../../support/stack";
import { call, testCluster } from "../../support/test-cluster";

/** A step with the members of `preview --json` that tell why. */
interface ExplainedStep extends PreviewStep {
  readonly replaceReasons?: readonly string[];
  readonly diffReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, { readonly kind: string }>> | null;
}

/** What a user sees at each turn of the story; equal for both sets of plugins. */
interface Story {
  readonly first: readonly string[];
  readonly afterUp: readonly string[];
  readonly edit: readonly string[];
  readonly afterEdit: readonly string[];
  readonly drift: readonly string[];
  readonly afterHealing: readonly string[];
  readonly renewedKubeconfig: readonly string[];
  readonly afterAdoption: readonly string[];
  readonly address: string;
  readonly outputNames: readonly string[];
  readonly refusal: string;
  readonly secretsInClear: readonly string[];
  readonly left: number;
}

const password = "correct-horse-battery";

/** Every kind that the components use, and what they read of it. */
const program = `
  const { readFileSync } = require("node:fs");
  const k8s = require("@pulumi/kubernetes");
  const pulumi = require("@pulumi/pulumi");
  const tls = require("@pulumi/tls");
  const { TRIAL_NAMESPACE, TRIAL_GROUP, TRIAL_KUBECONFIG, TRIAL_TURN, TRIAL_UPSERT } = process.env;
  const isEdited = TRIAL_TURN === "edited";
  const provider = new k8s.Provider("cluster", {
    kubeconfig: readFileSync(TRIAL_KUBECONFIG, "utf8") + (TRIAL_TURN === "renewed" ? "\\n# renewed" : ""),
    clusterIdentifier: "trial",
    enablePatchForce: true,
    upsertExistingObjects: TRIAL_UPSERT === "true",
  });
  const options = { provider };
  const home = new k8s.core.v1.Namespace("home", { metadata: { name: TRIAL_NAMESPACE } }, options);
  const namespace = home.metadata.name;
  new k8s.core.v1.ConfigMap(
    "settings",
    { metadata: { name: "settings", namespace }, data: { level: isEdited ? "2" : "1", "a.b": "kept" } },
    options,
  );
  new k8s.core.v1.Secret(
    "login",
    { metadata: { name: "login", namespace }, stringData: { password: pulumi.secret("${password}") } },
    options,
  );
  const labels = { app: "web" };
  const container = {
    name: "web",
    image: "node:24",
    imagePullPolicy: "IfNotPresent",
    command: ["node", "-e", "setInterval(() => {}, 1000)"],
    env: [{ name: "TURN", value: isEdited ? "second" : "first" }],
    resources: { limits: { cpu: "0.5", memory: "0.25Gi" }, requests: { cpu: "10m" } },
  };
  const spec = { containers: [container], volumes: [{ name: "scratch", emptyDir: {} }], terminationGracePeriodSeconds: 0 };
  const web = new k8s.apps.v1.Deployment(
    "web",
    {
      metadata: { name: "web", namespace },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
    options,
  );
  const front = new k8s.core.v1.Service(
    "front",
    {
      metadata: { name: "front", namespace },
      spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 8321, targetPort: 8321 }] },
    },
    { provider, dependsOn: [web] },
  );
  const schema = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: { size: { type: "integer" } },
        x_kubernetes_validations: [{ rule: "self.size < 10", message: "size must be below 10" }],
      },
    },
  };
  const definition = new k8s.apiextensions.v1.CustomResourceDefinition(
    "widgets",
    {
      metadata: { name: "widgets." + TRIAL_GROUP },
      spec: {
        group: TRIAL_GROUP,
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets" },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    },
    options,
  );
  new k8s.apiextensions.CustomResource(
    "widget",
    {
      apiVersion: TRIAL_GROUP + "/v1",
      kind: "Widget",
      metadata: { name: "widget", namespace },
      spec: { size: isEdited ? 2 : 1 },
    },
    { provider, dependsOn: [definition] },
  );
  const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const certificate = new tls.SelfSignedCert("certificate", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "score.example" },
    dnsNames: ["score.example"],
    validityPeriodHours: isEdited ? 48 : 24,
    allowedUses: ["digital_signature", "server_auth"],
  });
  exports.address = front.status.loadBalancer.ingress[0].ip;
  exports.clusterIP = front.spec.clusterIP;
  exports.certificate = certificate.certPem;
`;

describe("The stand-ins for the kubernetes and tls plugins", () => {
  let ours: Story;
  let home: string | undefined;

  before(async () => {
    home = await standInHome();
    ours = await tell(home);
  });

  after(async () => {
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  });

  it("preview every object of a new stack", () => {
    assert.equal(ours.first.length, 11);
    assert.ok(ours.first.every((line) => line.startsWith("create ")));
  });

  it("wait for the roll-out and the load balancer's address, and give the outputs that programs read", () => {
    assert.match(ours.address, /^[\d.]+$/);
    assert.deepEqual(ours.outputNames, ["address", "certificate", "clusterIP"]);
  });

  it("have nothing to do a second time, also after Kubernetes filled defaults", () => {
    assert.deepEqual(ours.afterUp, []);
    assert.deepEqual(ours.afterEdit, []);
  });

  it("name what an edit changes, and replace what can't change in place", () => {
    assert.deepEqual(ours.edit, [
      "replace certificate because of validityPeriodHours",
      "replace settings because of data.level: update-replace data.level",
      "update web: update spec.template.spec.containers[0].env[0].value",
      "update widget: update spec.size",
    ]);
  });

  it("show drift by path after a refresh, a deleted object too, and heal it", () => {
    assert.deepEqual(ours.drift, [
      "create login",
      'replace settings because of data["a.b"]: update-replace data["a.b"]',
      "update front: update spec.ports[0].targetPort",
      "update web: update spec.replicas",
      "update widget: update spec.size",
    ]);
    assert.deepEqual(ours.afterHealing, []);
  });

  it("change no object for a renewed kubeconfig", () => {
    assert.deepEqual(ours.renewedKubeconfig, ["update cluster because of kubeconfig"]);
  });

  it("refuse an object that exists, and adopt it with upsertExistingObjects", () => {
    assert.match(ours.refusal, /already exists/);
    assert.deepEqual(ours.afterAdoption, []);
  });

  it("keep secrets out of the state", () => {
    assert.deepEqual(ours.secretsInClear, []);
  });

  it("leave nothing after destroy", () => {
    assert.equal(ours.left, 404);
  });

  it("show in each of these turns what the vendor's plugins show", async function () {
    const { home: installed } = await preparePulumi();
    const plugins = ["pulumi-resource-kubernetes", "pulumi-resource-tls"];
    const missing = plugins.filter((name) => installed.sources[name] === "stand-in");
    if (missing.length > 0) {
      console.log(`    skipped: the vendor's ${missing.join(" and ")} can't be had here`);
      this.skip();
    }
    const theirs = await tell(installed.folder);
    const visible = (story: Story) => ({ ...story, address: "", refusal: "" });
    assert.deepEqual(visible(ours), visible(theirs));
  });
});

/** A PULUMI_HOME whose plugins are the stand-ins. */
async function standInHome(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-standins-"));
  const plugins = { kubernetes: versions.kubernetesPlugin, tls: versions.tlsPlugin };
  for (const [name, version] of Object.entries(plugins)) {
    const executable = `pulumi-resource-${name}`;
    const place = join(folder, "plugins", `resource-${name}-${version}`);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, executable), standInLauncher(executable, version));
    await chmod(join(place, executable), 0o755);
  }
  return folder;
}

/** The program's life with the plugins of one PULUMI_HOME. */
async function tell(home: string): Promise<Story> {
  const { kubeconfig, client } = await testCluster();
  const namespace = `standin-${randomBytes(3).toString("hex")}`;
  const group = `${namespace}.example.com`;
  const env = {
    ...{ PULUMI_HOME: home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" },
    ...{ TRIAL_NAMESPACE: namespace, TRIAL_GROUP: group, TRIAL_KUBECONFIG: kubeconfig },
  };
  const inTurn = (turn: string, more: Readonly<Record<string, string>> = {}) => ({
    program,
    env: { ...env, TRIAL_TURN: turn, ...more },
  });
  try {
    return await withStack(inTurn("first"), async (stack) => {
      const first = explain(await stack.preview());
      await expectSuccess(stack.up());
      const afterUp = explain(await stack.preview());
      const outputs = await stack.outputs();
      const turn = (name: string) =>
        stack.setProgram(`process.env.TRIAL_TURN = "${name}";${program}`);
      await turn("edited");
      const edit = explain(await stack.preview());
      await expectSuccess(stack.up());
      const afterEdit = explain(await stack.preview());
      await meddle(client, namespace, group);
      await expectSuccess(stack.refresh());
      const drift = explain(await stack.preview());
      await expectSuccess(stack.up());
      const afterHealing = explain(await stack.preview());
      await turn("renewed");
      const renewed = explain(await stack.preview()).filter((line) => line.includes(" cluster"));
      const secretsInClear = await secretsIn(stack);
      const adoption = await adopt(inTurn("edited"), inTurn("edited", { TRIAL_UPSERT: "true" }));
      return {
        ...{ first, afterUp, edit, afterEdit, drift, afterHealing, secretsInClear, ...adoption },
        renewedKubeconfig: renewed,
        address: String(outputs["address"]),
        outputNames: Object.keys(outputs).sort(),
        left: (await client.request({ method: "GET", path: `/api/v1/namespaces/${namespace}` }))
          .status,
      };
    });
  } finally {
    // Whatever failed: nothing of the story stays in the cluster.
    for (const path of [`/api/v1/namespaces/${namespace}`, definitionPath(group)]) {
      await client.request({ method: "DELETE", path });
    }
  }
}

type StackOptions = Parameters<typeof withStack>[0];

/** The state is lost, the objects are there: refused, then adopted, then destroyed from the new state. */
async function adopt(
  refusing: StackOptions,
  adopting: StackOptions,
): Promise<Pick<Story, "refusal" | "afterAdoption">> {
  const refusal = await withStack(
    refusing,
    async (stack) => (await expectFailure(stack.up())).output,
  );
  return withStack(adopting, async (stack) => {
    await expectSuccess(stack.up());
    const afterAdoption = explain(await stack.preview());
    await expectSuccess(stack.destroy());
    return { refusal, afterAdoption };
  });
}

/** What other people and controllers do to objects: a field here, a whole object there. */
async function meddle(client: ApiClient, namespace: string, group: string): Promise<void> {
  const core = `/api/v1/namespaces/${namespace}`;
  const changes: [path: string, body: unknown][] = [
    [`${core}/configmaps/settings`, { data: { "a.b": "drifted", extra: "not ours" } }],
    [`${core}/services/front`, { spec: { ports: [{ port: 8321, targetPort: 9999 }] } }],
    [`/apis/apps/v1/namespaces/${namespace}/deployments/web`, { spec: { replicas: 2 } }],
    [`/apis/${group}/v1/namespaces/${namespace}/widgets/widget`, { spec: { size: 7 } }],
  ];
  for (const [path, body] of changes) {
    const response = await client.request({
      method: "PATCH",
      path,
      body,
      contentType: "application/merge-patch+json",
    });
    assert.equal(response.status, 200, path);
  }
  await call(client, "DELETE", `${core}/secrets/login`);
}

function definitionPath(group: string): string {
  return `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`;
}

/** A line per step that changes something: what, why it replaces, and each path. */
function explain(preview: Preview): string[] {
  const lines = changingSteps(preview).map((step: ExplainedStep) => {
    const name = step.urn.split("::").at(-1) ?? "";
    const why = [...(step.replaceReasons?.length ? step.replaceReasons : (step.diffReasons ?? []))];
    const paths = Object.entries(step.detailedDiff ?? {}).map(
      ([path, { kind }]) => `${kind} ${path}`,
    );
    const because = why.length > 0 ? ` because of ${why.sort().join(", ")}` : "";
    return `${step.op} ${name}${because}${paths.length > 0 ? `: ${paths.sort().join(", ")}` : ""}`;
  });
  return lines
    .filter(
      (line) => !line.startsWith("create-replacement ") && !line.startsWith("delete-replaced "),
    )
    .sort();
}

/** The secrets that stand readable in the state. */
async function secretsIn(stack: Stack): Promise<string[]> {
  const state = await stack.stateText();
  const encoded = Buffer.from(password).toString("base64");
  return [password, encoded, "PRIVATE KEY"].filter((text) => state.includes(text));
}
