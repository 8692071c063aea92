// Takes a compute out of its workspace; the cluster stays, whoever made it.
import { sameAzureId } from "../core/azure-id";
import { nameCompute } from "../core/judge-compute";
import { waitWhileBusy } from "./attach-compute";
import { type AzureComputes } from "./azure-computes";

/**
 * Returns when no compute of that name is there that holds the cluster.
 * @throws AzureError
 */
export async function detachCompute(
  computes: AzureComputes,
  report: (message: string) => void,
): Promise<void> {
  for (;;) {
    const live = await computes.get();
    if (live === undefined) return;
    const held = live.properties?.resourceId;
    if (held !== undefined && !sameAzureId(held, computes.wanted.clusterId)) {
      // Somebody attached another cluster under this name: that is theirs.
      computes.azure.options.print(
        `${nameCompute(computes.wanted)} is attached to ${held} by now, and stays`,
      );
      return;
    }
    report("detaching");
    try {
      await computes.detach((state) => report(`detaching, ${state}`));
    } catch (error) {
      await waitWhileBusy(computes, error, report);
    }
  }
}
