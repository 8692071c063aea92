// Whatever somebody does to whatever object of a router and an endpoint, a stack heals: after a refresh, and without one.
import assert from "node:assert/strict";
import { type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { API_VERSION, PLURAL } from "../../../contracts/model-endpoint/model-endpoint";
import { resourcePath } from "../../../kubernetes/core/object-path";
import { quickstartModelImage } from "../../../tools/images";
import { makePair } from "../../support/certificate-pair";
import { declaredObjects, type DeclaredObject } from "../../support/declared-objects";
import { eventually } from "../../support/eventually";
import {
  isContainer,
  KIND_TROUBLES,
  lifeOf,
  makeTrouble,
  release,
  type Trouble,
} from "../../support/object-troubles";
import { changingSteps, expectSuccess, finished, openStack, type Stack } from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

/** Set to 1, each object has each trouble alone, which takes hours: for whoever hunts a combination. */
const EACH_VARIABLE = "AML_INFERENCE_EACH_TROUBLE";
const RUN = randomBytes(3).toString("hex");
const NAMESPACES = { router: `heal-router-${RUN}`, endpoint: `heal-${RUN}` };
const DOMAIN = "models.example.com";
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const pair = JSON.parse(readFileSync("pair.json", "utf8"));
const router = new AmlInferenceRouter("fe", {
  kubeconfig: readFileSync("kubeconfig", "utf8"), clusterPurpose: "DevTest",
  namespace: "${NAMESPACES.router}", tags: { team: "risk" }, ssl: { cname: "${DOMAIN}", ...pair },
});
new AmlModelEndpoint("heal-${RUN}", {
  router, namespace: "${NAMESPACES.endpoint}",
  versions: { blue: { image: "${quickstartModelImage}", numReplicas: 1, scoringTimeoutMs: 1000, maxStreamSeconds: 1,
    environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" } } },
});
`;

describe("A stack heals", () => {
  let cluster: TestCluster;
  let stack: Stack;
  let objects: readonly DeclaredObject[];

  const expectNoChange = async () => {
    assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
    assert.deepEqual(await lives(), new Set(["alive"]));
  };
  const lives = async (of: readonly DeclaredObject[] = objects) =>
    new Set(await Promise.all(of.map((object) => lifeOf(cluster.client, object))));
  const strike = async (troubles: readonly Trouble[], on: readonly DeclaredObject[]) => {
    // Last those that take others along: a definition with trouble hides its objects.
    const inOrder = [...on].sort(
      (one, other) => Number(isContainer(one)) - Number(isContainer(other)),
    );
    for (const object of inOrder) {
      for (const trouble of troubles) await makeTrouble(cluster.client, object, trouble);
    }
  };
  const afterRefresh = async () => {
    await expectSuccess(stack.refresh());
    await stack.preview();
    await expectSuccess(stack.up());
    await expectNoChange();
  };
  const withoutRefresh = async () => {
    const { code, output } = await stack.up();
    const remedy = output.includes("pulumi up --refresh");
    assert.ok(code === 0 || remedy, output);
    if (remedy) await expectSuccess(stack.up("--refresh"));
    await expectNoChange();
  };
  const become = (of: readonly DeclaredObject[], ...expected: readonly string[]) =>
    eventually(
      `the objects are ${expected.join(" or ")}`,
      async () => [...(await lives(of))].every((life) => expected.includes(life)),
      300_000,
    );

  before(async () => {
    cluster = await testCluster();
    stack = await openStack({ program: PROGRAM, copyLibrary: true });
    const pair = await makePair(DOMAIN, new Date(Date.now() + 86_400_000));
    await writeFile(join(stack.folder, "pair.json"), JSON.stringify(pair));
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(cluster.kubeconfig, "utf8"));
    await expectSuccess(stack.up());
    objects = declaredObjects(await stack.stateText());
  });
  after(async () => {
    for (const object of objects ?? []) await release(cluster.client, object);
    await stack.destroy();
    await stack.close();
    for (const namespace of Object.values(NAMESPACES)) {
      await deleteNamespace(cluster.client, namespace).catch(() => undefined);
    }
  });

  it("has a row for each kind that it declares", () => {
    const kinds = [...new Set(objects.map(({ kind }) => kind))].sort();
    assert.deepEqual(kinds, Object.keys(KIND_TROUBLES).sort());
  });

  const rounds: readonly (readonly [what: string, Trouble[], (each: DeclaredObject) => boolean])[] =
    [
      [
        "all that is in namespaces, and the rights, deleted",
        ["deleted"],
        (each) => !isContainer(each),
      ],
      ["every kind edited and its status emptied", ["edited", "status emptied"], () => true],
      ["both namespaces and the definition deleted", ["deleted"], isContainer],
    ];
  for (const [what, troubles, isMeant] of rounds) {
    const strikeAll = async () => {
      const spared = await sparedKinds(cluster, Object.values(NAMESPACES));
      const meant = objects.filter((each) => isMeant(each) && !spared.includes(each.kind));
      await strike(troubles, meant);
      if (troubles.includes("deleted")) await become(meant, "gone");
    };
    // Edited and deleted objects after a refresh are in components-endpoint.test.ts, too.
    if (process.env[EACH_VARIABLE] === "1") {
      it(`from ${what}, after a refresh`, async () => {
        await strikeAll();
        await afterRefresh();
      });
    }
    it(`from ${what}, without a refresh`, async () => {
      await strikeAll();
      await withoutRefresh();
    });
  }

  it("from objects that are held in deletion: waits for ours, and brings back all once they are gone", async () => {
    const meant = objects.filter((each) => !isContainer(each));
    await strike(["held"], meant);
    const up = ["up", "--refresh", "--yes", "--skip-preview", "--non-interactive"];
    const update = await stack.start([...up, "--stack", "test"]);
    const ended = finished(update);
    await said(update, "is being deleted, held by its finalizers heal.example.com/hold");
    for (const object of meant) await release(cluster.client, object);
    await ended;
    await become(meant, "alive", "gone");
    await expectSuccess(stack.up("--refresh"));
    await expectNoChange();
  });

  if (process.env[EACH_VARIABLE] === "1") {
    for (const trouble of ["deleted", "edited", "status emptied"] as const) {
      it(`from each object ${trouble} alone, after a refresh and without one`, async () => {
        for (const object of objects) {
          console.log(`      ${trouble}: ${object.kind}/${object.name}`);
          for (const heal of [afterRefresh, withoutRefresh]) {
            if (!(await makeTrouble(cluster.client, object, trouble))) continue;
            if (trouble === "deleted") await become([object], "gone");
            await heal();
          }
        }
      }).timeout(6 * 3_600_000);
    }
  }
});

/** The definition takes all endpoints of the cluster along: it is spared where somebody else has one. */
async function sparedKinds(
  { client }: TestCluster,
  own: readonly string[],
): Promise<readonly string[]> {
  const path = resourcePath(API_VERSION, PLURAL);
  const { items } = (await call(client, "GET", path)) as {
    readonly items: readonly { readonly metadata: { readonly namespace: string } }[];
  };
  if (items.every(({ metadata }) => own.includes(metadata.namespace))) return [];
  console.log("      the definition is spared: the cluster has endpoints of others");
  return ["CustomResourceDefinition"];
}

/** Waits until a command has printed the text. */
function said({ stdout }: ChildProcess, text: string): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    stdout?.on("data", (more: string) => {
      output += more;
      if (output.includes(text)) resolve();
    });
    stdout?.on("end", () => reject(new Error(`the command never said "${text}":\n${output}`)));
  });
}
