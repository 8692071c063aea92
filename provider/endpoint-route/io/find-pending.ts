// Finds the versions whose Deployments don't run what is declared, or are still being rolled out.
import { type EndpointVersion } from "../../../contracts/model-endpoint/model-endpoint";
import { isRollingOut } from "../../../kubernetes/core/assess-roll-out";
import { type Deployment } from "../../../kubernetes/core/workload";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { type Clock, POLL_MS, systemClock } from "../../../runtime/clock";
import { neededReplicas } from "../core/endpoint-object";
import { isDeclared } from "../core/version-templates";

/** Milliseconds for Kubernetes to observe a change that has just been made; usually it takes a few. */
const OBSERVATION_MS = 3_000;

export interface DeclaredVersions {
  readonly namespace: string;
  readonly versions: readonly EndpointVersion[];
  /** Digest of each version's declared template, by version name. */
  readonly revisions: Readonly<Record<string, string>>;
}

/**
 * One sentence without a full stop for each such version: an update waits for them. A version that is scaled, or whose
 * replicas fail later, isn't pending.
 * @throws KubeError when a request to the API server fails
 */
export async function findPending(
  client: KubeClient,
  { namespace, versions, revisions }: DeclaredVersions,
  clock: Clock = systemClock,
): Promise<readonly string[]> {
  const locator = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  const found = await Promise.all(
    versions.map(async (version) => {
      const { name, deploymentName } = version;
      const startedMs = clock.now();
      for (;;) {
        const live = await client.read<Deployment>(locator, deploymentName);
        if (live === undefined)
          return [`version ${name}: Deployment/${deploymentName} doesn't exist`];
        if (!isDeclared(live, revisions[name])) {
          return [
            `version ${name}: Deployment/${deploymentName} has another pod template than the declared one`,
          ];
        }
        const pending = isRollingOut(live, neededReplicas(version, live));
        if (pending === false) return [];
        if (pending || clock.now() - startedMs >= OBSERVATION_MS) {
          return [`version ${name}: Deployment/${deploymentName} isn't rolled out yet`];
        }
        await clock.sleep(POLL_MS);
      }
    }),
  );
  return found.flat();
}
