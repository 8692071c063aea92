// Roll-outs that fail or take their time, by the real CLI: the former template is back and scales, and every sentence is true.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ModelEndpoint,
  REVISION_ANNOTATION,
} from "../../../contracts/model-endpoint/model-endpoint";
import { type Deployment, type Pod, type PodTemplate } from "../../../kubernetes/core/workload";
import { versionObjectName } from "../../../validation/endpoint/names";
import { provideCountingReplica } from "../../support/counting-replica/image";
import { eventually } from "../../support/eventually";
import { killTree } from "../../support/kill-after-event";
import { countStatuses, openLoop, type Outcome } from "../../support/open-loop";
import { expectFailure, expectSuccess, finished, openStack, type Stack } from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

// Of this run: the last one's may still be going.
const NAMESPACE = `roll-${randomBytes(3).toString("hex")}`;
const ENDPOINT = "rolling";
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${NAMESPACE}" });
const declared = JSON.parse(readFileSync("endpoint.json", "utf8"));
const endpoint = new AmlModelEndpoint("${ENDPOINT}", { router, namespace: "${NAMESPACE}", ...declared });
Object.assign(exports, { scoringUri: endpoint.scoringUri, key: endpoint.primaryKey });
`;

/** Runs, and ends at once. */
const CRASHING = "node:24";
const BLUE = versionObjectName(ENDPOINT, "blue");

type Variables = Readonly<Record<string, string>>;

const version = (image: string | undefined, environmentVariables: Variables, more: object) => ({
  image,
  environmentVariables,
  // The crashing image is root's.
  runAsUser: 1000,
  cpuCores: 0.01,
  memoryGb: 0.03,
  maxQueueWaitMs: 60_000,
  scoringTimeoutMs: 10_000,
  maxStreamSeconds: 10,
  ...more,
});

const six = (image: string | undefined, variables: Variables) => ({
  versions: { blue: version(image, variables, { numReplicas: 6 }) },
});

const versions = (image: string | undefined, variables: Variables) => ({
  versions: {
    blue: version(image, variables, { isDefault: true, autoscale: { maxReplicas: 8 } }),
    green: version(image, variables, { trafficPercentile: 10, autoscale: { maxReplicas: 3 } }),
  },
});

describe("A roll-out that fails or takes its time", () => {
  let cluster: TestCluster;
  let stack: Stack;
  let images: readonly string[];

  const apps = `/apis/apps/v1/namespaces/${NAMESPACE}`;
  const declare = (endpoint: object) =>
    writeFile(join(stack.folder, "endpoint.json"), JSON.stringify(endpoint));
  const deployment = async (name: string) =>
    (await call(cluster.client, "GET", `${apps}/deployments/${name}`)) as Deployment;
  const variablesOf = ({ spec }: Deployment) => {
    const { containers } = spec.template.spec as {
      readonly containers: readonly { readonly env: readonly { readonly name: string }[] }[];
    };
    return containers[0]?.env.map(({ name }) => name);
  };
  const status = async () => {
    const path = `/apis/aml-inference.io/v1/namespaces/${NAMESPACE}/modelendpoints/${ENDPOINT}`;
    return ((await call(cluster.client, "GET", path)) as ModelEndpoint).status;
  };

  /** Images of the replicas that aren't being deleted. */
  const runningImages = async (versionName: string) => {
    const selector = `labelSelector=aml-inference.io/version=${versionName}`;
    const { items } = (await call(
      cluster.client,
      "GET",
      `/api/v1/namespaces/${NAMESPACE}/pods?${selector}`,
    )) as { readonly items: readonly (Pod & { readonly spec: PodTemplate["spec"] })[] };
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ spec }) => spec?.containers?.[0]?.image);
  };

  /** A burst makes the version as large as it may be: with replicas of the image, all ready. */
  async function burst(name: string, replicas: number, image: string | undefined): Promise<void> {
    const { scoringUri, key } = await stack.outputs();
    const target = { scoringUri: String(scoringUri), key: String(key) };
    let isLarge = false;
    const load = async () => {
      const outcomes: Outcome[] = [];
      // Until they are ready: a busy machine starts replicas slowly.
      while (!isLarge) {
        const wave = { requests: 3 * replicas, perSecond: replicas, atOnce: 2 * replicas };
        outcomes.push(...(await openLoop(target, { ...wave, body: { ms: 2_000 }, version: name })));
      }
      return countStatuses(outcomes);
    };
    const grow = async () => {
      try {
        const isReady = async () => {
          const { status } = await deployment(versionObjectName(ENDPOINT, name));
          return status?.readyReplicas === replicas && status.replicas === replicas;
        };
        await eventually(`${replicas} good replicas of ${name}`, isReady, 240_000);
        assert.deepEqual(await runningImages(name), Array<unknown>(replicas).fill(image));
      } finally {
        isLarge = true;
      }
    };
    const [counts] = await Promise.all([load(), grow()]);
    assert.deepEqual(Object.keys(counts), ["200"]);
  }

  before(async () => {
    cluster = await testCluster();
    images = [await provideCountingReplica("1"), await provideCountingReplica("2")];
    stack = await openStack({ program: PROGRAM, copyLibrary: true });
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(cluster.kubeconfig, "utf8"));
    await declare(versions(images[0], { FORMER: "1" }));
    await expectSuccess(stack.up());
  });

  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await deleteNamespace(cluster.client, NAMESPACE);
  });

  /** The sentence for a version of which this many replicas serve again. */
  const serves = (name: string) =>
    new RegExp(
      `version ${name}: Deployment/${versionObjectName(ENDPOINT, name)} can't be rolled out: container model exited with code 0 ` +
        `\\(restarted \\d+ times\\); its log is empty\\. ` +
        `Its former template is back: 1 replica of image ${images[0] ?? ""} serves\\.`,
    );

  it("goes back to the former template, and says that it serves", async () => {
    await declare(versions(CRASHING, { FAILED: "1" }));
    const { output } = await expectFailure(stack.up());
    assert.match(output, serves("blue"));
    assert.match(output, serves("green"));
    assert.match(output, /The endpoint's traffic is shared as before the update\./);
    const live = await deployment(BLUE);
    assert.ok(variablesOf(live)?.includes("FORMER"));
    assert.ok(!variablesOf(live)?.includes("FAILED"));
    const said = await eventually("the status says so", async () =>
      (await status())?.versions?.find(
        ({ name, reason }) => name === "blue" && reason === "RolledBack",
      ),
    );
    assert.deepEqual([said.state, said.readyReplicas], ["Unhealthy", 1]);
  });

  it("scales with good replicas only", async () => {
    await Promise.all([burst("blue", 8, images[0]), burst("green", 3, images[0])]);
  });

  it("is tried again by the same declaration, and fails in the same way", async () => {
    const { output } = await expectFailure(stack.up());
    assert.match(output, /version blue: .* Its former template is back: \d+ replicas? of image/);
    assert.ok(!variablesOf(await deployment(BLUE))?.includes("FAILED"));
  });

  it("heals by a good declaration, of which alone it has the fields, also after an interruption", async () => {
    // With a refresh, the engine itself applies the failing template again.
    const interrupted = await stack.start([
      ...["up", "--refresh", "--yes", "--skip-preview", "--non-interactive", "--stack", "test"],
    ]);
    const ended = finished(interrupted);
    try {
      const isTried = async () => variablesOf(await deployment(BLUE))?.includes("FAILED");
      await eventually("the failing template is applied", isTried, 240_000);
    } finally {
      await killTree(interrupted);
    }
    assert.equal((await ended).signal, "SIGKILL");
    await declare(six(images[1], {}));
    await expectSuccess(stack.up());
    const healed = await deployment(BLUE);
    assert.deepEqual(variablesOf(healed), [
      "SERVICE_NAME",
      "SERVICE_PATH_PREFIX",
      "SERVICE_VERSION",
    ]);
    assert.equal(
      healed.spec.template.metadata?.annotations?.[REVISION_ANNOTATION],
      healed.metadata.annotations?.[REVISION_ANNOTATION],
    );
    assert.deepEqual(await runningImages("blue"), Array<unknown>(6).fill(images[1]));
  });

  it("may take longer than its timeout, while it progresses", async () => {
    // Two by two, eleven seconds each.
    const slowly =
      "data:text/javascript,await%20new%20Promise((started)=>setTimeout(started,11e3))";
    const slow = six(images[1], { NODE_OPTIONS: `--import=${slowly}` });
    await declare({ ...slow, rolloutTimeoutSeconds: 30 });
    const { output } = await expectSuccess(stack.up());
    assert.match(output, /2 of 6 replicas are ready, 4 former replicas remain/);
  });

  it("of a Deployment that was deleted is awaited, without a refresh", async () => {
    await call(cluster.client, "DELETE", `${apps}/deployments/${BLUE}`);
    const { output } = await expectSuccess(stack.up());
    assert.match(output, new RegExp(`Deployment/${BLUE}: \\(deleted\\)`));
    assert.equal((await deployment(BLUE)).status?.availableReplicas, 6);
    await expectSuccess(stack.up("--expect-no-changes"));
  });
});
