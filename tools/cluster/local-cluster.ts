// The local Kubernetes: brings it up (or repairs it) and takes it down.
import { existsSync, renameSync, rmSync } from "node:fs";
import { buildImage, pauseRecipe } from "../images";
import { withProcessLock } from "../checkout";
import { type Report, ensureOsPackages, waitUntil } from "../programs";
import type { ClusterSettings } from "./core/cluster-settings";
import { ensureCgroup, removeCgroup } from "./io/cgroups";
import { ensureCertificates } from "./io/certificates";
import { writeConfiguration } from "./io/configuration";
import { ensureBridgeFilter, ensureNodeInterface, removeNetwork } from "./io/host-network";
import { killSupervisor, launchSupervisor, supervisorRuns } from "./io/launch-supervisor";
import { recordMachine, restoreMachine } from "./io/machine-record";
import { describeFailure, isReady } from "./io/readiness";
import { containerdAnswers, importArchive } from "./load-image";

/** How long a start may take on a slow machine before it counts as failed. */
const readyTimeoutMs = 120_000;
/** How long a running cluster may need to answer before it is started again. */
const answerTimeoutMs = 15_000;

/**
 * Makes the cluster ready: nothing to do when it is, started again when it is dead or half-dead.
 * What was in it (objects, images) stays until `localClusterDown`.
 * @param kube gives the Kubernetes binary; called only when something must be started.
 * @throws Error when it does not become ready in two minutes, with the ends of the components' last runs.
 */
export async function localClusterUp(
  settings: ClusterSettings,
  kube: () => Promise<string>,
  report: Report,
): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Error(
      "There is no cluster that could be used: set AML_INFERENCE_KUBECONFIG to a kubeconfig, or start Docker " +
        "for kind, or run as root on Debian for a local Kubernetes.",
    );
  }
  await withClusterLock(settings, report, async () => {
    if (supervisorRuns(settings)) {
      const ended = () => !supervisorRuns(settings);
      await waitUntil(async () => ended() || (await isReady(settings)), {
        timeoutMs: answerTimeoutMs,
      });
    }
    if (!existsSync(settings.stateDir)) {
      report("Starting the local Kubernetes …");
    } else if (!supervisorRuns(settings)) {
      report("The local Kubernetes was interrupted: starting it again …");
    } else if (await isReady(settings).catch(() => false)) {
      report("The local Kubernetes is running already.");
      return;
    } else {
      report("The local Kubernetes runs but does not answer: starting it again …");
    }
    await start(settings, await kube(), report);
  });
}

async function start(settings: ClusterSettings, kube: string, report: Report): Promise<void> {
  await killSupervisor(settings);
  rmSync(removedDir(settings), { recursive: true, force: true });
  await ensureOsPackages(report);
  recordMachine(settings);
  await ensureCertificates(settings);
  writeConfiguration(settings);
  await removeCgroup(settings.cgroup);
  ensureCgroup(settings.cgroup);
  await removeNetwork();
  await ensureBridgeFilter();
  await ensureNodeInterface();
  rmSync(settings.supervisorStatus, { force: true });
  launchSupervisor(settings, kube);
  await waitUntil(() => supervisorRuns(settings), { timeoutMs: 5_000, everyMs: 50 });
  const settled = async (isThere: () => boolean | Promise<boolean>) => {
    await waitUntil(async () => !supervisorRuns(settings) || (await isThere()), {
      timeoutMs: readyTimeoutMs,
    });
    return supervisorRuns(settings) && (await Promise.resolve(isThere()).catch(() => false));
  };
  if (await settled(() => containerdAnswers(settings))) {
    // Every pod's sandbox needs it, so it comes before the first pod.
    await importArchive(settings, await buildImage(pauseRecipe, report));
  }
  if (!(await settled(() => isReady(settings)))) throw new Error(describeFailure(settings));
  report("The local Kubernetes is ready.");
}

/** Stops the cluster and removes everything it made, from any state; nothing to do when there is none. */
export async function localClusterDown(settings: ClusterSettings, report: Report): Promise<void> {
  // A user who may not take the lock has none either.
  if (![settings.stateDir, removedDir(settings), lockFile(settings)].some(existsSync)) {
    report("There is no local Kubernetes.");
    return;
  }
  await withClusterLock(settings, report, async () => {
    rmSync(removedDir(settings), { recursive: true, force: true });
    if (!existsSync(settings.stateDir)) {
      report("There is no local Kubernetes.");
      return;
    }
    report("Stopping the local Kubernetes …");
    await killSupervisor(settings);
    await removeCgroup(settings.cgroup);
    await removeNetwork();
    await restoreMachine(settings);
    // In one step, so that no later run takes half a folder for a cluster.
    renameSync(settings.stateDir, removedDir(settings));
    rmSync(removedDir(settings), { recursive: true });
    report("The local Kubernetes is gone.");
  });
}

/** Where the state folder is while it is being deleted. */
const removedDir = ({ stateDir }: ClusterSettings) => `${stateDir}.removed`;

/** The lock lies beside the state folder, because `down` removes that. */
const lockFile = ({ stateDir }: ClusterSettings) => `${stateDir}.lock`;

/** One change at a time. */
function withClusterLock<T>(
  settings: ClusterSettings,
  report: Report,
  change: () => Promise<T>,
): Promise<T> {
  const wait = (pid: number) => report(`Process ${pid} is changing the cluster; waiting for it.`);
  return withProcessLock(lockFile(settings), wait, change);
}
