// Detaches a compute from its workspace; the cluster stays, whoever created it.
import { assessForeign } from "../core/assess-compute";
import { waitWhileBusy } from "./attach-compute";
import { type AzureComputes } from "./azure-computes";

/**
 * Returns when no compute of that name attaches the cluster.
 * @throws AzureError when a request fails or the detach takes longer than `timeoutMinutes`
 */
export async function detachCompute(
  computes: AzureComputes,
  report: (message: string) => void,
): Promise<void> {
  for (;;) {
    const live = await computes.get();
    if (live === undefined) return;
    const foreign = assessForeign(live, computes.wanted);
    if (foreign !== undefined) {
      computes.azure.options.print(`${foreign}; it is left alone`);
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
