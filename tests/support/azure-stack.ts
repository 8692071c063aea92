// A Pulumi stack whose azure-native speaks to a stand-in Azure: the real CLI, our components, no subscription.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preparePulumi } from "../../tools/setup/prepare-pulumi";
import { standInLauncher } from "../../tools/setup/stand-in";
import { type Azure, type AzureOptions, startAzure } from "../../tools/standins/azure/start-azure";
import { type Stack, withStack } from "./stack";

export const SUBSCRIPTION = "00000000-1111-2222-3333-444444444444";
export const GROUP = "models";
/** Client secret of the runs; must show up nowhere. */
export const CLIENT_SECRET = "made-up-client-secret-7f3a";

export interface AzureStackOptions {
  /** CommonJS text of the program. */
  readonly program: string;
  readonly azure?: AzureOptions;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the story with a new Azure, which has one resource group, and a new stack. */
export async function withAzureStack<T>(
  options: AzureStackOptions,
  story: (stack: Stack, azure: Azure) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-azure-stack-"));
  const azure = await startAzure(options.azure);
  try {
    azure.store.put(
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`,
      "Microsoft.Resources/resourceGroups",
      { location: "westeurope", properties: { provisioningState: "Succeeded" } },
      azure.clock.now(),
    );
    const env = { ...(await azureEnvironment(folder, azure)), ...options.env };
    return await withStack({ program: options.program, env }, (stack) => story(stack, azure));
  } finally {
    await azure.close();
    await rm(folder, { recursive: true, force: true });
  }
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
  const { env } = await preparePulumi();
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
