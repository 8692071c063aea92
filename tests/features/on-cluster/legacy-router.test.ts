// What Azure ML v1's router left in a cluster: named by every preview, its certificate kept, removed when asked.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { type PemPair } from "../../../values/pem-pair";
import { LEGACY_OBJECTS, type LegacyObject } from "../../../provider/legacy-router/core/leftovers";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { eventually } from "../../support/eventually";
import { withAzureStack, GROUP, SUBSCRIPTION } from "../../support/azure-stack";
import { makePair } from "../../support/certificate-pair";
import { killTree } from "../../support/kill-after-event";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  finished,
  openStack,
  type Preview,
  type Stack,
} from "../../support/stack";
import {
  createNamespace,
  deleteNamespace,
  testCluster,
  type TestCluster,
} from "../../support/test-cluster";

const CNAME = "score.contoso.com";
const NAMES = LEGACY_OBJECTS.map(({ kind, namespace, name }) =>
  namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`,
);
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const args = JSON.parse(readFileSync("arguments.json", "utf8"));
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", ...args });
exports.scoringBaseUri = router.scoringBaseUri;
`;

let client: KubeClient;
let kubeconfig: string;

/** What v1 puts into the objects, as far as the API server asks for it; the pod ends only after five seconds. */
function contentOf({ kind }: LegacyObject, pair: PemPair): object {
  const labels = { app: "azureml-fe" };
  const command = ["sh", "-c", "trap '' TERM; sleep 3600"];
  const containers = [{ name: "fe", image: "node:24", imagePullPolicy: "IfNotPresent", command }];
  const spec = { terminationGracePeriodSeconds: 5, containers };
  const contents: Readonly<Record<string, object>> = {
    Deployment: {
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
    Service: { spec: { selector: labels, ports: [{ port: 80 }] } },
    ConfigMap: { data: { config: "{}" } },
    Secret: { stringData: { "cert.pem": pair.certificatePem, "key.pem": pair.privateKeyPem } },
    ClusterRole: { rules: [] },
    ClusterRoleBinding: {
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "azureml-fe-role",
      },
      subjects: [{ kind: "ServiceAccount", name: "azureml-fe", namespace: "default" }],
    },
  };
  return contents[kind] ?? {};
}

/** Puts v1's objects of the kinds there, marked with the labels. */
async function plant(kinds: readonly string[], pair: PemPair, labels = {}): Promise<void> {
  for (const object of LEGACY_OBJECTS.filter(({ kind }) => kinds.includes(kind))) {
    const { apiVersion, kind, name, namespace } = object;
    const metadata = { name, labels, ...(namespace === undefined ? {} : { namespace }) };
    await client.apply({ apiVersion, kind, metadata, ...contentOf(object, pair) } as KubeObject);
  }
}

const ALL_KINDS = LEGACY_OBJECTS.map(({ kind }) => kind);

/** Those of v1's objects that are there. */
async function present(): Promise<string[]> {
  const live = await Promise.all(
    LEGACY_OBJECTS.map(({ name, ...place }) => client.read<KubeObject>(place, name)),
  );
  return NAMES.filter((_name, index) => live[index] !== undefined);
}

async function clear(): Promise<void> {
  await Promise.all(LEGACY_OBJECTS.map(({ name, ...place }) => client.remove(place, name)));
  await eventually("v1's objects are gone", async () => (await present()).length === 0);
}

/** What a preview says about leftovers. */
const told = ({ diagnostics }: Preview): string[] =>
  (diagnostics ?? []).map(({ message }) => message.trim()).filter((text) => /Leftovers/.test(text));

const steps = (preview: Preview): string[] =>
  changingSteps(preview).map(({ op, urn }) => `${op} ${urn.split(":").at(-3) ?? ""}`);

interface StoredResource {
  readonly type: string;
  readonly dependencies?: readonly string[];
}

/** The resource of the type, as the state has it. */
function resourceOf(state: string, type: string): StoredResource | undefined {
  const { checkpoint } = JSON.parse(state) as {
    checkpoint: { latest?: { resources?: readonly StoredResource[] } };
  };
  return checkpoint.latest?.resources?.find((each) => each.type.endsWith(`:${type}`));
}

describe("AmlInferenceRouter and leftovers of v1", function () {
  this.timeout(600_000);
  let cluster: TestCluster;
  let namespace: string;
  let stack: Stack;
  let pair: PemPair;

  const declare = (args: object) =>
    writeFile(join(stack.folder, "arguments.json"), JSON.stringify({ namespace, ...args }));
  const takeOver = { ssl: { cname: CNAME, takeOverLegacyCertificate: true } };
  const removing = { ...takeOver, removeLegacyRouter: true };
  /** What a preview that must fail tells at its end, which is no stack trace. */
  const refusal = async (): Promise<string> => {
    const preview = await stack.start(["preview", "--non-interactive", "--stack", "test"]);
    const { output } = await expectFailure(finished(preview));
    assert.doesNotMatch(output, /^\s+at .*:\d+/m);
    return output.slice(output.lastIndexOf("Diagnostics:"));
  };
  const ownPair = async () => {
    const place = { apiVersion: "v1", kind: "Secret", namespace };
    const secret = await client.read<KubeObject & { data: Record<string, string> }>(
      place,
      "aml-inference-router-tls",
    );
    const text = (name: string) => Buffer.from(secret?.data[name] ?? "", "base64").toString();
    return { certificatePem: text("tls.crt"), privateKeyPem: text("tls.key") };
  };

  before(async () => {
    cluster = await testCluster();
    kubeconfig = await readFile(cluster.kubeconfig, "utf8");
    client = KubeClient.fromKubeConfig(kubeconfig);
    await clear();
    namespace = await createNamespace(cluster.client, "legacy");
    pair = await makePair(CNAME, new Date(Date.now() + 30 * 86_400_000));
    stack = await openStack({ program: PROGRAM });
    await writeFile(join(stack.folder, "kubeconfig"), kubeconfig);
  });
  after(async () => {
    try {
      const isLeft = resourceOf(await stack.stateText(), "LegacyRouter") !== undefined;
      if (isLeft) await expectSuccess(stack.destroy());
    } finally {
      await clear();
      await stack.close();
      await deleteNamespace(cluster.client, namespace);
    }
  });

  it("says at preview why a certificate can't be taken over", async () => {
    await declare(takeOver);
    assert.match(
      await refusal(),
      /takeOverLegacyCertificate can't take over v1's certificate: Secret default\/azuremlfessl doesn't exist/,
    );
    await plant(ALL_KINDS, pair);
    await declare({ ssl: { ...takeOver.ssl, cname: "www.contoso.com" } });
    assert.match(
      await refusal(),
      /v1's certificate must be for ssl\.cname, www\.contoso\.com: it is for DNS:score\.contoso\.com/,
    );
  });

  it("names them once at the first preview, and leaves them when it is not told to remove them", async () => {
    await declare(takeOver);
    const preview = await stack.preview();
    assert.deepEqual(told(preview), [
      `Leftovers of v1's router in this cluster: ${NAMES.join(", ")}. They stay; removeLegacyRouter: true removes them once this router is ready.`,
    ]);
    const { output } = await expectSuccess(stack.up());
    assert.deepEqual(await present(), NAMES);
    assert.deepEqual(await ownPair(), pair);
    await expectSuccess(stack.refresh());
    const state = await stack.stateText();
    for (const pem of [pair.certificatePem, pair.privateKeyPem]) {
      const line = pem.split("\n")[1] ?? "";
      assert.ok(line.length > 40);
      for (const text of [state, output, JSON.stringify(preview)]) {
        assert.ok(!text.includes(line), "a certificate or key in clear");
      }
    }
    const legacy = resourceOf(state, "LegacyRouter");
    const dependencies = legacy?.dependencies?.map((urn) => urn.split(":").at(-3)) ?? [];
    assert.ok(dependencies.includes("RouterDeployment"), dependencies.join());
    const again = await stack.preview("--expect-no-changes");
    assert.equal(told(again).length, 1);
  });

  it("removes them when told to, once its router is ready, also after it was killed meanwhile", async () => {
    await declare(removing);
    const preview = await stack.preview();
    assert.deepEqual(steps(preview), ["update AmlInferenceRouter", "update LegacyRouter"]);
    assert.match(told(preview).join(), /They are removed once this router is ready\.$/);

    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", "test"];
    const killed = await stack.start(args);
    const output = finished(killed);
    const place = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default" };
    await eventually("the removal is under way", async () => {
      const live = await client.read<KubeObject>(place, "azureml-fe");
      return live?.metadata.deletionTimestamp !== undefined;
    });
    assert.ok(await killTree(killed), (await output).output);
    assert.ok((await present()).includes("Secret default/azuremlfessl"));

    const { output: removed } = await expectSuccess(stack.up());
    assert.deepEqual(await present(), []);
    for (const name of NAMES.filter((each) => !each.startsWith("Deployment"))) {
      assert.ok(removed.includes(`removed ${name}, a leftover of v1's router`), removed);
    }
    const nothing = await expectSuccess(stack.up("--expect-no-changes"));
    assert.doesNotMatch(nothing.output, /[Ll]eftover/);
    assert.deepEqual(await ownPair(), pair);
  });

  it("removes what came back, and nothing that is Helm's", async () => {
    await plant(["Service"], pair);
    await plant(["ClusterRole"], pair, { "app.kubernetes.io/managed-by": "Helm" });
    const preview = await stack.preview();
    assert.deepEqual(steps(preview), ["update LegacyRouter"]);
    assert.match(
      told(preview).join(),
      /cluster: Service default\/azureml-fe, Service default\/azureml-fe-int-http\./,
    );
    await expectSuccess(stack.up());
    assert.deepEqual(await present(), ["ClusterRole azureml-fe-role"]);
  });

  it("keeps the certificate without its source, in its state's absence too, and judges it by a new name", async () => {
    await stack.loseState();
    await declare({ ...takeOver, leafDomainLabel: "churn" });
    const { output } = await expectSuccess(stack.up());
    assert.match(output, /scoringBaseUri: "https:\/\/score\.contoso\.com"/);
    await expectSuccess(stack.up("--expect-no-changes"));
    assert.deepEqual(await ownPair(), pair);
    await declare({ ssl: { ...takeOver.ssl, cname: "www.contoso.com" } });
    assert.match(
      await refusal(),
      /v1's certificate must be for ssl\.cname, www\.contoso\.com.*; give ssl\.certificatePem and ssl\.privateKeyPem in its place/s,
    );
  });

  it("goes without touching them", async () => {
    await plant(["Service"], pair);
    const before = await present();
    await expectSuccess(stack.destroy());
    assert.deepEqual(await present(), before);
  });
});

describe("AmlAksCluster attached: leftovers of v1", function () {
  this.timeout(600_000);
  const CLUSTERS = "Microsoft.ContainerService/managedClusters";
  const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/${CLUSTERS}/shared`;
  const program = `
    const { AmlAksCluster, AmlInferenceRouter } = require("aml-inference");
    const cluster = new AmlAksCluster("shared", { existingClusterId: ${JSON.stringify(id)} });
    new AmlInferenceRouter("fe", { kubeconfig: cluster.kubeconfig, removeLegacyRouter: true });
  `;

  before(async () => {
    kubeconfig = await readFile((await testCluster()).kubeconfig, "utf8");
    client = KubeClient.fromKubeConfig(kubeconfig);
    await clear();
  });
  after(clear);

  it("are named at the first preview", async () => {
    await plant(["Service", "ConfigMap"], await makePair(CNAME, new Date(Date.now() + 1e9)));
    await withAzureStack({ program, azure: { kubeconfig } }, async (stack, azure) => {
      const now = azure.clock.now();
      const properties = {
        provisioningState: "Succeeded",
        powerState: { code: "Running" },
        kubernetesVersion: "1.34",
        currentKubernetesVersion: "1.34.4",
        fqdn: "shared.hcp.westeurope.azmk8s.io",
        nodeResourceGroup: "MC_shared",
      };
      azure.store.put(id, CLUSTERS, { location: "westeurope", properties }, now);
      const agents = { mode: "User", vmSize: "Standard_D4s_v5", count: 3 };
      const pools = `${CLUSTERS}/agentPools`;
      azure.store.put(`${id}/agentPools/agents`, pools, { properties: agents }, now);
      assert.deepEqual(told(await stack.preview()), [
        "Leftovers of v1's router in this cluster: Service default/azureml-fe, Service default/azureml-fe-int-http, ConfigMap default/azuremlfeconfig. They are removed once this router is ready.",
      ]);
    });
  });
});
