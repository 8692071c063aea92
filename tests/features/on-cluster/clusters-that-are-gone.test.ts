// A cluster that is created, replaced, deleted by hand and destroyed together with what is in it: each story ends well.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quickstartModelImage } from "../../../tools/images";
import { textAt } from "../../../tools/standins/azure";
import {
  type AzureStack,
  GROUP,
  LOCATION,
  openAzureStack,
  ownGroup,
  SUBSCRIPTION,
} from "../../support/azure-stack";
import { type ClusterFront, openClusterFront } from "../../support/cluster-front";
import { RETRY_SECONDS } from "../../../kubernetes/io/kube-client";
import { declaredObjects } from "../../support/declared-objects";
import { lifeOf } from "../../support/object-troubles";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  finished,
  openStack,
  type Stack,
} from "../../support/stack";
import { deleteNamespace, testCluster } from "../../support/test-cluster";

// Of this run: the last one's may still be going.
const NAMESPACE = `gone-${randomBytes(3).toString("hex")}`;
const CLUSTERS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.ContainerService/managedClusters`;
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlAksCluster, AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const cluster = new AmlAksCluster("prod", {
  resourceGroupName: "${GROUP}", location: "${LOCATION}", clusterPurpose: "DevTest", protectCluster: false,
  ...JSON.parse(readFileSync("cluster.json", "utf8")),
});
const router = new AmlInferenceRouter("fe", {
  kubeconfig: cluster.kubeconfig, clusterPurpose: "DevTest", namespace: "${NAMESPACE}",
});
const { primaryKey } = new AmlModelEndpoint("${NAMESPACE}", {
  router, namespace: "${NAMESPACE}",
  versions: { blue: { image: "${quickstartModelImage}", autoscale: { minReplicas: 1 }, maxStreamSeconds: 60,
    environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" } } },
});
Object.assign(exports, { primaryKey });
`;
const ROUTER_NAMESPACE = `${NAMESPACE}-router`;
const ROUTER_PROGRAM = `
const { AmlInferenceRouter } = require("aml-inference");
const kubeconfig = require("node:fs").readFileSync("kubeconfig", "utf8");
new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${ROUTER_NAMESPACE}" });
`;
/** What replaces the cluster, and tells the next one from the first. */
const NEXT = { outboundType: "managedNATGateway" };
/** Nobody waits a minute for an API server that has ended. */
const HURRIED = { [RETRY_SECONDS]: "5" };
/** For one command: what was in an unreachable cluster leaves the state. */
const FORGET = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };

describe("A cluster of the same program", function () {
  let world: AzureStack;
  let stack: Stack;
  let front: ClusterFront;
  /** Of the cluster that takes the first one's place. */
  let next: ClusterFront | undefined;

  const expectNoChange = () => expectComplete(stack);
  const declareCluster = (args: object) =>
    writeFile(join(stack.folder, "cluster.json"), JSON.stringify(args));
  const currentFront = (): ClusterFront => {
    const live = world.standIn?.store.get(`${CLUSTERS}/prod`)?.body ?? {};
    const isNext = textAt(live, "properties.networkProfile.outboundType") === NEXT.outboundType;
    return isNext ? (next ?? front) : front;
  };
  /** As in the portal: the cluster, and with it its API server. */
  const deleteByHand = async () => {
    await world.azure.remove(`${CLUSTERS}/prod`);
    await front.close();
  };

  before(async function () {
    if (ownGroup !== undefined) {
      console.log("    skipped on an own Azure: the story needs API servers that end when told");
      this.skip();
    }
    front = await openFront();
    world = await openAzureStack({
      program: PROGRAM,
      env: HURRIED,
      azure: { kubeconfig: () => currentFront().kubeconfig, silenceMs: 20 },
    });
    stack = world.stack;
    await declareCluster({});
  });
  after(async () => {
    if (ownGroup !== undefined) return;
    await front.close();
    await world.close();
    const { client } = await testCluster();
    await deleteNamespace(client, NAMESPACE).catch(() => undefined);
  });

  it("is created with router and endpoint in one up", async () => {
    await expectSuccess(stack.up());
    await expectNoChange();
  });

  it("is replaced, and all that was in it is created in the new one", async () => {
    next = await openFront();
    await declareCluster(NEXT);
    const { primaryKey } = await stack.outputs();
    await expectSuccess(stack.up());
    await front.close();
    [front, next] = [next, undefined];
    await expectNoChange();
    assert.equal((await stack.outputs())["primaryKey"], primaryKey);
  });

  it("is created again after it was deleted by hand, with what was in it, once the user says that it is gone", async () => {
    await deleteByHand();
    const { output } = await expectFailure(stack.refresh());
    assert.match(output, /Can't read ModelEndpoint.* can't be reached: .*DELETE_UNREACHABLE=true/);
    front = await openFront();
    await expectSuccess(finished(await stack.start(upOf("--refresh"), FORGET)));
    await expectNoChange();
  });

  it("is destroyed after it was deleted by hand, although nothing in it can be reached", async () => {
    await deleteByHand();
    await expectSuccess(stack.destroy());
    assert.deepEqual(await resourcesOf(stack), []);
  });
});

describe("A kubeconfig that leads to another cluster", () => {
  let stack: Stack;
  let fronts: ClusterFront[] = [];
  const useFront = async () => {
    const front = await openFront();
    fronts.push(front);
    await writeFile(join(stack.folder, "kubeconfig"), front.kubeconfig);
  };

  before(async () => {
    stack = await openStack({ program: ROUTER_PROGRAM, env: HURRIED, copyLibrary: true });
    await useFront();
    await expectSuccess(stack.up());
  });
  after(async () => {
    await stack.destroy();
    for (const front of fronts) await front.close();
    await stack.close();
    await deleteNamespace((await testCluster()).client, ROUTER_NAMESPACE).catch(() => undefined);
  });

  it("fills the new one, and gives up what was in the old one once the user says that it is gone", async () => {
    for (const front of fronts) await front.close();
    fronts = [];
    await useFront();
    const { output } = await expectFailure(stack.up());
    assert.match(output, /Can't (read|list|delete) .* can't be reached: .*DELETE_UNREACHABLE=true/);
    await expectSuccess(finished(await stack.start(upOf(), FORGET)));
    await expectComplete(stack);
  });
});

/** The shared test cluster as one of its own. */
async function openFront(): Promise<ClusterFront> {
  const { kubeconfig } = await testCluster();
  return openClusterFront(await readFile(kubeconfig, "utf8"));
}

function upOf(...args: readonly string[]): string[] {
  return ["up", ...args, "--yes", "--skip-preview", "--non-interactive", "--stack", "test"];
}

/** A further `up` would change nothing, and every object that the stack declares is there. */
async function expectComplete(stack: Stack): Promise<void> {
  assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
  const { client } = await testCluster();
  for (const object of declaredObjects(await stack.stateText())) {
    assert.equal(await lifeOf(client, object), "alive", `${object.kind}/${object.name}`);
  }
}

async function resourcesOf(stack: Stack): Promise<readonly object[]> {
  const { checkpoint } = JSON.parse(await stack.stateText()) as {
    readonly checkpoint: { readonly latest: { readonly resources?: readonly object[] } };
  };
  return checkpoint.latest.resources ?? [];
}
