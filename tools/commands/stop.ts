// `npm stop`: destroys the quickstart's stack and stops the cluster that `npm start` made.
import { existsSync } from "node:fs";
import { clusterDown, clusterStatus, clusterUp } from "../cluster";
import { QuickstartStack } from "../quickstart";

async function main(): Promise<void> {
  const { state, kubeconfig } = await clusterStatus();
  if (state === "absent" && !existsSync(kubeconfig)) {
    console.log("There is no cluster: nothing to stop.");
    return;
  }
  // A half-dead cluster is repaired first, since what Pulumi declared can only be destroyed in a living one.
  await clusterUp();
  const stack = await QuickstartStack.open(kubeconfig);
  await stack.destroy();
  await clusterDown();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
