// The packed package on a cluster: one stack, deployed with the oldest SDKs and gone on with with the newest, as CommonJS and as ES modules.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { quickstartModelImage } from "../../../tools/images";
import {
  closeRegistry,
  type Consumer,
  declareArguments,
  installConsumer,
  type NodeVersion,
  openRegistry,
  type Registry,
} from "../../support/consumer";
import { type PROGRAMS, workspaceFiles } from "../../support/consumer-projects";
import { expectSuccess } from "../../support/stack";
import { deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

const NAMESPACE = `pkg-${randomBytes(3).toString("hex")}`;
const STATES = "consumer-states";

describe("The package, installed, on a cluster", () => {
  let registry: Registry;
  let cluster: TestCluster;
  let [oldest, newest]: Consumer[] = [];

  const run = (
    consumer: Consumer | undefined,
    program: keyof typeof PROGRAMS,
    node: NodeVersion,
    ...command: readonly string[]
  ) => {
    assert.ok(consumer !== undefined);
    return expectSuccess(consumer.pulumi(program, node, ...command));
  };
  const declare = async (variables: Readonly<Record<string, string>>) =>
    declareArguments(registry, {
      kubeconfig: await readFile(cluster.kubeconfig, "utf8"),
      router: { namespace: NAMESPACE, clusterPurpose: "DevTest" },
      endpoint: {
        namespace: NAMESPACE,
        versions: {
          blue: {
            image: quickstartModelImage,
            environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1", ...variables },
            isDefault: true,
          },
        },
      },
    });

  before(async () => {
    [cluster, registry] = await Promise.all([testCluster(), openRegistry()]);
    const install = (age: "oldest" | "newest") =>
      installConsumer(registry, {
        name: age,
        manager: "npm",
        files: workspaceFiles(age, registry.library),
        states: STATES,
      });
    [oldest, newest] = [await install("oldest"), await install("newest")];
  });
  after(async () => {
    await deleteNamespace(cluster.client, NAMESPACE);
    await closeRegistry(registry);
  });

  it("is deployed by CommonJS with the oldest SDKs on Node 20, and an ES module plans nothing more", async () => {
    await declare({});
    await run(oldest, "programs/commonjs", 20, "stack", "select", "--create");
    await run(oldest, "programs/commonjs", 20, "up", "--yes", "--skip-preview");
    await run(oldest, "programs/module", 20, "preview", "--expect-no-changes");
  });

  it("is updated by an ES module with the newest SDKs on Node 22, and CommonJS plans nothing more", async () => {
    await declare({ NEWEST: "1" });
    const { output } = await run(newest, "programs/module", 22, "up", "--yes", "--skip-preview");
    assert.doesNotMatch(output, / (creating|deleting|replacing)\b/);
    await run(newest, "programs/commonjs", 24, "preview", "--expect-no-changes");
  });

  it("is destroyed by CommonJS", async () => {
    await run(newest, "programs/commonjs", 24, "destroy", "--yes", "--skip-preview");
  });
});
