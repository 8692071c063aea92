// A stack whose program declares dynamic resources from a list: what a story changes is the list.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStack, type Stack, type StackOptions } from "./stack";

export interface DeclaredResource {
  /** Class that `aml-inference` exports. */
  readonly type:
    "AutoscalerDeployment" | "EndpointRoute" | "LoadBalancerAddress" | "RouterDeployment";
  /** Arguments but for the kubeconfig. */
  readonly args: Readonly<Record<string, unknown>>;
}

export interface DeclaredStack extends Stack {
  /** What the next command declares, by the resources' names; each depends on those before it. */
  declare(resources: Readonly<Record<string, DeclaredResource>>): Promise<void>;
  setKubeConfig(text: string): Promise<void>;
}

const PROGRAM = `
const { readFileSync } = require("node:fs");
const aml = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const dependsOn = [];
for (const [name, { type, args }] of Object.entries(JSON.parse(readFileSync("resources.json", "utf8")))) {
  dependsOn.push(new aml[type](name, { kubeconfig, ...args }, { dependsOn: [...dependsOn] }));
}
`;

/** The library is a copy: a build in the project meanwhile doesn't change what the stack deploys. */
export async function openDeclaredStack(
  kubeconfig: string,
  { env = {} }: Pick<StackOptions, "env"> = {},
): Promise<DeclaredStack> {
  const stack = await openStack({ program: PROGRAM, copyLibrary: true, env });
  const write = (name: string, text: string) => writeFile(join(stack.folder, name), text);
  await write("kubeconfig", kubeconfig);
  await write("resources.json", "{}");
  return {
    ...stack,
    declare: (resources) => write("resources.json", JSON.stringify(resources)),
    setKubeConfig: (text) => write("kubeconfig", text),
  };
}
