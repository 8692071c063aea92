// A Pulumi stack on Azure: the stand-in, which needs no subscription, or the developer's own where the environment names it.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DefaultAzureCredential } from "@azure/identity";
import { ownEnvironment, preparePulumi, standInLauncher } from "../../tools/setup";
import { type Azure, type AzureOptions, startAzure } from "../../tools/standins/azure";
import { ownResourceGroup } from "./own-azure";
import { openStack, type Stack, withStack } from "./stack";
import { connectAzure, type TestAzure } from "./test-azure";

/** The developer's resource group; undefined: tests run against the stand-in. */
export const ownGroup = ownResourceGroup(process.env);
export const SUBSCRIPTION = ownGroup?.subscriptionId ?? "00000000-1111-2222-3333-444444444444";
export const GROUP = ownGroup?.name ?? "models";
/** Where tests make resources. */
export const LOCATION = "westeurope";
/** Client secret of the runs on the stand-in; must show up nowhere. */
export const CLIENT_SECRET = "made-up-client-secret-7f3a";

/** `it`, for what only the stand-in can play: skipped on the developer's own Azure, with the reason. */
export function itOnStandIn(title: string, why: string, story: Mocha.AsyncFunc): void {
  if (ownGroup === undefined) it(title, story);
  else it.skip(`${title} (skipped on an own Azure: ${why})`, story);
}

let currentTest: Mocha.Test | undefined;
// Of the whole run.
if (ownGroup !== undefined && typeof beforeEach === "function") {
  beforeEach(function () {
    currentTest = this.currentTest;
  });
}

export interface AzureStackOptions {
  /** CommonJS text of the program. */
  readonly program: string;
  /** Of the stand-in. */
  readonly azure?: AzureOptions;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AzureStack {
  readonly stack: Stack;
  readonly azure: TestAzure;
  /** What can make faults; undefined on the developer's own Azure. */
  readonly standIn: Azure | undefined;
  /** For further stacks on the same Azure. */
  readonly env: Readonly<Record<string, string>>;
  /** Deletes the stack's folder and the stand-in; what is in an own Azure is the story's to destroy. */
  close(): Promise<void>;
}

/** A new stack, for stories that both the stand-in and an own Azure can play; close it at the end. */
export async function openAzureStack(options: AzureStackOptions): Promise<AzureStack> {
  const { program } = options;
  if (ownGroup !== undefined) {
    const env = { ARM_SUBSCRIPTION_ID: SUBSCRIPTION, ...options.env };
    const stack = await openStack({ program, env, copyLibrary: true });
    const close = () => stack.close();
    return { stack, azure: connectOwnAzure(), standIn: undefined, env, close };
  }
  const world = await startWorld(options);
  const { azure: standIn, env } = world;
  try {
    const stack = await openStack({ program, env, copyLibrary: true });
    const azure = connectAzure({
      ...{ endpoint: standIn.endpoint, certificatePem: standIn.certificatePem },
      getToken: () => Promise.resolve(standIn.issueToken()),
    });
    const close = async () => {
      await stack.close();
      await world.close();
    };
    return { stack, azure, standIn, env, close };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/**
 * Runs the story with a new stand-in, which has one resource group, and a new stack. Skipped on an own Azure: the story
 * looks into the stand-in, or makes its calls fail.
 */
export async function withAzureStack<T>(
  options: AzureStackOptions,
  story: (stack: Stack, azure: Azure) => Promise<T>,
): Promise<T> {
  if (ownGroup !== undefined) {
    console.log("      skipped on an own Azure: only the stand-in can play it");
    currentTest?.skip();
  }
  const world = await startWorld(options);
  const { azure, env } = world;
  try {
    return await withStack({ program: options.program, env }, (stack) => story(stack, azure));
  } finally {
    await world.close();
  }
}

interface World {
  readonly azure: Azure;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function startWorld(options: AzureStackOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-azure-stack-"));
  const azure = await startAzure(options.azure);
  azure.store.put(
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`,
    "Microsoft.Resources/resourceGroups",
    { location: LOCATION, properties: { provisioningState: "Succeeded" } },
    azure.clock.now(),
  );
  const env = { ...(await azureEnvironment(folder, azure)), ...options.env };
  const close = async () => {
    await azure.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { azure, env, close };
}

/** What leads the CLI to the stand-in plugin, and the plugin to the stand-in Azure. */
async function azureEnvironment(folder: string, azure: Azure): Promise<Record<string, string>> {
  const authority = join(folder, "azure.pem");
  await writeFile(authority, azure.certificatePem);
  const bin = join(folder, "bin");
  await mkdir(bin);
  const plugin = join(bin, "pulumi-resource-azure-native");
  await writeFile(plugin, standInLauncher("pulumi-resource-azure-native", "3.28.0"));
  await chmod(plugin, 0o755);
  const { env } = await preparePulumi({ env: ownEnvironment(process.env) });
  return {
    PATH: `${bin}:${env["PATH"] ?? ""}`,
    NODE_EXTRA_CA_CERTS: authority,
    AML_INFERENCE_AZURE_ENDPOINT: azure.endpoint,
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
    ARM_TENANT_ID: "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10",
    ARM_CLIENT_ID: "11111111-aaaa-4bbb-8ccc-222222222222",
    ARM_CLIENT_SECRET: CLIENT_SECRET,
  };
}

/** With the developer's login: whatever `DefaultAzureCredential` finds. */
function connectOwnAzure(): TestAzure {
  const credential = new DefaultAzureCredential();
  // Set where Azure is not the public cloud, or to rehearse this mode on a stand-in of its own.
  const endpoint = process.env["AML_INFERENCE_AZURE_ENDPOINT"] ?? "https://management.azure.com";
  return connectAzure({
    endpoint,
    getToken: async () => (await credential.getToken(`${endpoint}/.default`)).token,
  });
}
