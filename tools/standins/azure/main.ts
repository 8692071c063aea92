/** The stand-in Azure as a process of its own: prints what to set so that programs find it, and runs until it is stopped. */
import { readFileSync, writeFileSync } from "node:fs";
import { startAzure } from "./start-azure";

/** File with the kubeconfig that managed clusters hand out. */
const KUBECONFIG = process.env["AML_INFERENCE_KUBECONFIG"];
/** File that keeps the state across restarts; the server's certificate is put beside it. */
const STATE = process.env["AML_INFERENCE_AZURE_STATE"];

async function main(): Promise<void> {
  const azure = await startAzure({
    port: Number(process.env["AML_INFERENCE_AZURE_PORT"] ?? 0),
    ...(KUBECONFIG === undefined ? {} : { kubeconfig: readFileSync(KUBECONFIG, "utf8") }),
    ...(STATE === undefined ? {} : { stateFile: STATE }),
  });
  const authority = `${STATE ?? "azure"}.pem`;
  writeFileSync(authority, azure.certificatePem);
  console.log(`export AML_INFERENCE_AZURE_ENDPOINT=${azure.endpoint}`);
  console.log(`export NODE_EXTRA_CA_CERTS=${authority}`);
}

main().catch((error: unknown) => {
  console.error(
    `The stand-in Azure could not start: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
});
