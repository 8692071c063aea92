// The projects of consumers: the oldest and the newest SDKs that the package accepts, as CommonJS and as ES modules.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../tools/checkout";

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Ranges;
  readonly peerDependencies: Ranges;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as Manifest;

/** Which versions of the package's ranges a consumer has: the first of each, or what the registry has today. */
export type Age = "oldest" | "newest";

function versionsOf(ranges: Ranges, age: Age): Ranges {
  const version = (range: string) => (age === "oldest" ? range.replace(/^\^/, "") : range);
  return Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, version(range)] as const),
  );
}

/** The SDKs that a program depends on; `@pulumi/azure-native`, which is optional, with the oldest ones only. */
export function sdksOf(age: Age): Ranges {
  const { peerDependencies, peerDependenciesMeta } = manifest;
  const isWanted = (name: string) =>
    age === "oldest" || peerDependenciesMeta[name]?.optional !== true;
  const wanted = Object.entries(peerDependencies).filter(([name]) => isWanted(name));
  return versionsOf(Object.fromEntries(wanted), age);
}

/** A program's settings and text; `args` has the arguments of a router, or a reference to one, and of an endpoint. */
export interface Program {
  readonly moduleSystem: "commonjs" | "module";
  readonly file: "index.js" | "index.ts";
}

/** The programs of a workspace, by their folders in it: none has the package in a node_modules of its own. */
export const PROGRAMS = {
  "programs/commonjs": { moduleSystem: "commonjs", file: "index.js" },
  "programs/module": { moduleSystem: "module", file: "index.js" },
  "programs/typescript": { moduleSystem: "commonjs", file: "index.ts" },
  "programs/typescript-module": { moduleSystem: "module", file: "index.ts" },
} as const satisfies Readonly<Record<string, Program>>;

/**
 * The files of a program in a folder. It reads `CONSUMER_ARGUMENTS`, a file of JSON: a kubeconfig, an endpoint's
 * arguments, and a router's, or else a literal reference is used.
 * @param library what it imports the package by, when another package of its own gives it
 */
export function programFiles(
  folder: string,
  { moduleSystem, file }: Program,
  dependencies: Ranges,
  library = "aml-inference",
): Readonly<Record<string, string | object>> {
  const within = (path: string) => (folder === "" ? path : `${folder}/${path}`);
  const isRequired = moduleSystem === "commonjs" && file === "index.js";
  const imports = isRequired
    ? `const { AmlInferenceRouter, AmlModelEndpoint } = require("${library}");\nconst { readFileSync } = require("node:fs");`
    : `import { AmlInferenceRouter, AmlModelEndpoint } from "${library}";\nimport { readFileSync } from "node:fs";`;
  const outputs = isRequired
    ? "Object.assign(exports, { scoringUri, node });"
    : "export { scoringUri, node };";
  const options =
    moduleSystem === "module"
      ? { module: "nodenext", moduleResolution: "nodenext" }
      : { module: "commonjs", moduleResolution: "node" };
  return {
    [within("package.json")]: {
      name: folder === "" ? "consumer" : folder.replace("/", "-"),
      private: true,
      type: moduleSystem,
      main: file,
      dependencies,
    },
    [within(file)]: `${imports}
const { kubeconfig, router, reference, endpoint } = JSON.parse(readFileSync(process.env["CONSUMER_ARGUMENTS"] ?? "", "utf8"));
const { scoringUri } = new AmlModelEndpoint("churn", {
  router: router === undefined ? { kubeconfig, ...reference } : new AmlInferenceRouter("fe", { kubeconfig, ...router }),
  ...endpoint,
});
const node = process.version;
${outputs}
`,
    ...(file === "index.ts"
      ? {
          [within("tsconfig.json")]: {
            compilerOptions: { ...options, target: "es2022", strict: true, skipLibCheck: true },
          },
        }
      : {}),
  };
}

/** A workspace of npm with all programs, whose packages are hoisted to its top. */
export function workspaceFiles(
  age: Age,
  library: string,
): Readonly<Record<string, string | object>> {
  const dependencies = { "aml-inference": library, ...sdksOf(age) };
  const programs = Object.entries(PROGRAMS).map(([folder, program]) =>
    programFiles(folder, program, dependencies),
  );
  return Object.assign(
    {
      "package.json": {
        private: true,
        workspaces: Object.keys(PROGRAMS),
        // Without them, the SDK compiles programs with TypeScript 3.8.
        devDependencies: { "@types/node": "20", typescript: "5.9", "ts-node": "10" },
        // What the package itself depends on: a range's first version is what nobody would install by himself.
        ...(age === "oldest" ? { overrides: versionsOf(manifest.dependencies, age) } : {}),
      },
      "types.ts": EVERY_TYPE,
    },
    ...programs,
  ) as Readonly<Record<string, string | object>>;
}

/** A program that uses the types of all that the package exports. */
const EVERY_TYPE = `
import * as pulumi from "@pulumi/pulumi";
import {
  AmlAksCluster, type AmlAksClusterArgs, AmlInferenceRouter, AmlModelEndpoint, type EgressRule, LoadBalancerType,
  type RouterReference, WorkspaceCompute,
} from "aml-inference";
import * as everything from "aml-inference";
const args: AmlAksClusterArgs = { location: "westeurope", resourceGroupName: "ml" };
const cluster = new AmlAksCluster("prod", args);
export const egress: pulumi.Output<EgressRule[]> = cluster.requiredEgress;
const router = new AmlInferenceRouter("fe", { kubeconfig: cluster.kubeconfig, loadBalancerType: LoadBalancerType.PublicIp });
const reference: RouterReference = router;
const churn = new AmlModelEndpoint("churn", { router: reference, versions: { blue: { image: "churn:4", isDefault: true } } });
export const uri: pulumi.Output<string> = churn.scoringUri;
// @ts-expect-error a version is an object
new AmlModelEndpoint("churn", { router, versions: { blue: 7 } });
export const names: (keyof typeof everything)[] = ["WorkspaceCompute"];
export type Compute = WorkspaceCompute;
`;
