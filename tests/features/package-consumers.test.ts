// The packed package in projects of its users: module systems, package managers, versions of Node, TypeScript and the SDKs.
import assert from "node:assert/strict";
import { globSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { makePair } from "../support/certificate-pair";
import {
  closeRegistry,
  type Compiler,
  type Consumer,
  declareArguments,
  installConsumer,
  type Manager,
  type NodeVersion,
  openRegistry,
  type Registry,
} from "../support/consumer";
import {
  type Age,
  programFiles,
  PROGRAMS,
  sdksOf,
  workspaceFiles,
} from "../support/consumer-projects";
import { expectFailure, expectSuccess } from "../support/stack";

/** Of a preview that has asked the dynamic provider about the endpoint: it imports the package, too. */
const PLANNED = /EndpointRoute churn create[^]*scoringUri\s*: "http:\/\/203\.0\.113\.7\//;

const COMMONJS = PROGRAMS["programs/commonjs"];

describe("The package, installed", () => {
  let registry: Registry;
  before(async () => {
    registry = await openRegistry();
    const { certificatePem } = await makePair("kubernetes", new Date(Date.now() + 3_600_000));
    // Nobody listens there: what a preview needs of the cluster is nothing.
    const cluster = {
      server: "https://127.0.0.1:9",
      "certificate-authority-data": Buffer.from(certificatePem).toString("base64"),
    };
    const kubeconfig = JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    });
    const reference = { namespace: "fe", scoringBaseUri: "http://203.0.113.7" };
    const endpoint = { versions: { blue: { image: "churn:4", isDefault: true } } };
    await declareArguments(registry, { kubeconfig, reference, endpoint });
  });
  after(() => closeRegistry(registry));

  const preview = async (consumer: Consumer, program: string, node: NodeVersion) => {
    await expectSuccess(consumer.pulumi(program, node, "stack", "select", "--create"));
    return consumer.pulumi(program, node, "preview");
  };

  const WORKSPACES: readonly {
    readonly age: Age;
    readonly previews: readonly (readonly [program: keyof typeof PROGRAMS, node: NodeVersion])[];
    readonly compilers: readonly Compiler[];
  }[] = [
    {
      age: "oldest",
      previews: [
        ["programs/commonjs", 20],
        ["programs/typescript-module", 22],
      ],
      compilers: ["typescript5.9", "typescript7"],
    },
    {
      age: "newest",
      previews: [
        ["programs/module", 20],
        ["programs/typescript", 24],
      ],
      compilers: ["typescript5.9", "typescript7"],
    },
  ];

  for (const { age, previews, compilers } of WORKSPACES) {
    describe(`in a workspace of npm with the ${age} SDKs`, () => {
      let consumer: Consumer;
      before(async () => {
        const files = workspaceFiles(age, registry.library);
        consumer = await installConsumer(registry, { name: age, manager: "npm", files });
      });

      it("is hoisted, with one copy of each SDK", () => {
        const packages = Object.keys(sdksOf(age));
        assert.equal(packages.length, age === "oldest" ? 4 : 3);
        for (const name of ["aml-inference", ...packages]) {
          const copies = globSync(`**/node_modules/${name}/package.json`, { cwd: consumer.folder });
          assert.deepEqual(copies, [`node_modules/${name}/package.json`]);
        }
      });

      for (const [program, node] of previews) {
        it(`previews ${program} on Node ${String(node)}`, async () => {
          const result = await expectSuccess(preview(consumer, program, node));
          assert.match(result.output, PLANNED);
          assert.match(result.output, new RegExp(`node\\s*: "v${String(node)}\\.`));
        });
      }

      for (const compiler of compilers) {
        it(`has types for ${compiler}, in every way to resolve them, without skipLibCheck`, async () => {
          const ways = [
            ["nodenext", "nodenext"],
            ["esnext", "bundler"],
            // TypeScript 7 has removed it.
            ...(compiler === "typescript7" ? [] : [["commonjs", "node"]]),
          ];
          for (const [module = "", moduleResolution = ""] of ways) {
            const flags = ["--module", module, "--moduleResolution", moduleResolution];
            await expectSuccess(consumer.typeCheck(compiler, "types.ts", ...flags));
          }
        });
      }
    });
  }

  const SINGLE: readonly (readonly [manager: Manager, node: NodeVersion])[] = [
    ["yarn-classic", 22],
    ["yarn", 24],
    ["plug-and-play", 24],
  ];
  for (const [manager, node] of SINGLE) {
    it(`previews in a project of ${manager} on Node ${String(node)}`, async () => {
      const dependencies = { "aml-inference": registry.library, ...sdksOf("newest") };
      const files = programFiles("", COMMONJS, dependencies);
      const consumer = await installConsumer(registry, { name: manager, manager, files });
      const result = await expectSuccess(preview(consumer, "", node));
      assert.match(result.output, PLANNED);
    });
  }

  describe("in a workspace of pnpm, where packages see their own dependencies only", () => {
    let consumer: Consumer;
    before(async () => {
      const dependencies = { "aml-inference": registry.library, ...sdksOf("newest") };
      const indirect = { platform: "workspace:*", ...sdksOf("newest") };
      const files = {
        "package.json": { private: true },
        "pnpm-workspace.yaml": "packages: [direct, indirect, platform]\n",
        ...programFiles("direct", COMMONJS, dependencies),
        ...programFiles("indirect", COMMONJS, indirect, "platform"),
        "platform/package.json": { name: "platform", version: "1.0.0", dependencies },
        "platform/index.js": 'module.exports = require("aml-inference");\n',
      };
      consumer = await installConsumer(registry, { name: "pnpm", manager: "pnpm", files });
    });

    it("previews a program that depends on it, with the program's own SDK", async () => {
      const result = await expectSuccess(preview(consumer, "direct", 22));
      assert.match(result.output, PLANNED);
      const [own, library] = ["direct", "direct/node_modules/aml-inference"].map((folder) =>
        realpathSync(join(consumer.folder, folder)),
      );
      const sdk = (from = "") => require.resolve("@pulumi/pulumi", { paths: [from] });
      assert.equal(sdk(own), sdk(library));
    });

    it("tells a program that has it through another package what is missing, and nothing else", async () => {
      const { output } = await expectFailure(preview(consumer, "indirect", 24));
      assert.match(
        output,
        /error: Pulumi's dynamic provider can't find aml-inference from \S+indirect: add it to the dependencies of the program's own package\.json/,
      );
      assert.doesNotMatch(output, /^\s+at /m);
    });
  });
});
