// Lets what waits for the cluster outlast errors: one that is over a moment later ends no wait of ten minutes.
import { type Clock, POLL_MS } from "../../runtime/clock";
import { type KubeClient } from "./kube-client";
import { KubeError } from "./kube-error";

/**
 * Returns a function that repeats what a wait looks at. The client repeats by itself what failed for a passing reason;
 * once a look has succeeded, every other error counts as passing, too: expired credentials, a name server's gap, a
 * proxy's page. A look is repeated for as long as the client repeats requests, counted from the last one that succeeded.
 */
export function patiently(
  { patienceMs }: Pick<KubeClient, "patienceMs">,
  clock: Clock,
): <T>(look: () => Promise<T>) => Promise<T> {
  let succeededMs: number | undefined;
  return async (look) => {
    for (;;) {
      try {
        const seen = await look();
        succeededMs = clock.now();
        return seen;
      } catch (error) {
        const isPassing =
          error instanceof KubeError &&
          succeededMs !== undefined &&
          clock.now() - succeededMs < patienceMs;
        if (!isPassing) throw error;
        await clock.sleep(POLL_MS);
      }
    }
  };
}
