// A preview with nothing to do of the production example, against the same cluster with as many plain Kubernetes objects.
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient } from "../../kubernetes/io/api-client";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { type AzureStack, GROUP, openAzureStack } from "../../tests/support/azure-stack";
import { configure, EXAMPLE_ENVIRONMENT, useExample } from "../../tests/support/example-program";
import { expectSuccess, finished, type Stack } from "../../tests/support/stack";
import { clusterUp, provideImages } from "../cluster";
import { quickstartModelImage } from "../images";
import { percentile } from "../quickstart";
import type { Figure, Scenario } from "./figure";
import { plainObjects } from "./plain-objects";
import { PRETEND, startPretendNode } from "./pretend-node";

const ENDPOINTS = [1, 10, 100];
const RUNS = 5;

/** The state is made by `up`, the models on a node that only pretends; what is timed is `pulumi preview` alone. */
export const noOpPreview: Scenario = { name: "no-op preview", run: measure };

async function measure(): Promise<readonly Figure[]> {
  const { kubeconfig: path } = await clusterUp();
  await provideImages();
  const kubeconfig = await readFile(path, "utf8");
  const client = KubeClient.fromKubeConfig(kubeconfig).api;
  const namespace = `bench-${randomBytes(3).toString("hex")}`;
  const node = await startPretendNode(client, namespace);
  const worlds: AzureStack[] = [];
  const openExample = async () => {
    const world = await openAzureStack({
      program: "",
      env: EXAMPLE_ENVIRONMENT,
      azure: { kubeconfig },
    });
    worlds.push(world);
    await useExample(world.stack, "aks-production");
    const modelImage = quickstartModelImage;
    await configure(world.stack, { resourceGroupName: GROUP, namespace, modelImage });
    return world.stack;
  };
  try {
    const [stack, plain] = [await openExample(), await openExample()];
    const example = await readFile(join(stack.folder, "index.ts"), "utf8");
    // Everything in Azure, and the certificate.
    const platform = example.slice(0, example.indexOf("// Waits for the agents"));
    const figures: Figure[] = [];
    for (const endpoints of ENDPOINTS) {
      const size = endpoints === 1 ? "1 endpoint" : `${endpoints} endpoints`;
      console.error(`  ${size} …`);
      const further = furtherEndpoints(endpoints, namespace);
      await writeFile(join(stack.folder, "index.ts"), `${example}${further}`);
      await expectSuccess(stack.up());
      const others = countObjects(await stack.stateText()) - 4 * endpoints;
      const objects = plainObjects({ namespace, endpoints, others });
      await writeFile(join(plain.folder, "index.ts"), `${platform}${objects}`);
      await expectSuccess(plain.up());
      figures.push(await comparePreviews(`no-op preview, ${size}`, stack, plain));
    }
    return [...figures, growth(figures)];
  } finally {
    await removeAll(client, namespace);
    await node.stop();
    for (const world of worlds) await world.close();
  }
}

async function comparePreviews(name: string, stack: Stack, plain: Stack): Promise<Figure> {
  await previewSeconds(stack);
  await previewSeconds(plain);
  const pairs: { value: number; baseline: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    pairs.push({ value: await previewSeconds(stack), baseline: await previewSeconds(plain) });
  }
  const values = pairs.map(({ value }) => value);
  return {
    name,
    value: percentile(values, 0.5),
    unit: "s",
    baseline: percentile(
      pairs.map(({ baseline }) => baseline),
      0.5,
    ),
    ratio: percentile(
      pairs.map(({ value, baseline }) => value / baseline),
      0.5,
    ),
    min: Math.min(...values),
    max: Math.max(...values),
    runs: RUNS,
  };
}

/** What one endpoint adds, between the least and the most. */
function growth(figures: readonly Figure[]): Figure {
  const [least, most] = [figures[0], figures.at(-1)];
  const endpoints = (ENDPOINTS.at(-1) ?? NaN) - (ENDPOINTS[0] ?? NaN);
  const milliseconds = (of: (figure: Figure) => number | undefined) =>
    (((most && of(most)) ?? NaN) - ((least && of(least)) ?? NaN)) * (1000 / endpoints);
  const value = milliseconds((figure) => figure.value);
  const baseline = milliseconds((figure) => figure.baseline);
  return {
    name: "no-op preview, each endpoint",
    value,
    unit: "ms",
    baseline,
    ratio: value / baseline,
  };
}

async function previewSeconds(stack: Stack): Promise<number> {
  const beganMs = performance.now();
  const command = ["preview", "--expect-no-changes", "--non-interactive", "--stack", "test"];
  await expectSuccess(finished(await stack.start(command)));
  return (performance.now() - beganMs) / 1000;
}

/** Endpoints beside the example's own, as it declares them. */
function furtherEndpoints(endpoints: number, namespace: string): string {
  return `
for (let index = 1; index < ${endpoints}; index++) {
  new AmlModelEndpoint(\`churn-\${index}\`, {
    router,
    namespace,
    versions: {
      blue: {
        image: config.require("modelImage"),
        autoscale: { minReplicas: 2, maxReplicas: 20 },
        nodeSelector: { "${PRETEND}": "${namespace}" },
        tolerations: [{ key: "${PRETEND}", operator: "Exists" }],
      },
    },
  });
}
`;
}

/** Objects in the cluster that a stack declares; a namespace that endpoints share counts for each. */
function countObjects(state: string): number {
  // What our own resources consist of in the cluster.
  const own = { RouterDeployment: 3, AutoscalerDeployment: 3, EndpointRoute: 1 };
  const { checkpoint } = JSON.parse(state) as {
    checkpoint: { latest: { resources: readonly { type: string }[] } };
  };
  return checkpoint.latest.resources.reduce((count, { type }) => {
    if (type.startsWith("kubernetes:")) return count + 1;
    const [, objects = 0] = Object.entries(own).find(([name]) => type.endsWith(`:${name}`)) ?? [];
    return count + objects;
  }, 0);
}

/** Without Pulumi: a hundred endpoints would each wait for their routers to let go. */
async function removeAll(client: ApiClient, namespace: string): Promise<void> {
  const rights = ["router", "autoscaler"].flatMap((part) =>
    ["clusterroles", "clusterrolebindings"].map(
      (kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}/aml-inference-${part}.${namespace}`,
    ),
  );
  for (const path of [...rights, `/api/v1/namespaces/${namespace}`]) {
    await client.request({ method: "DELETE", path });
  }
}
