// The cluster of this project's commands and tests, whatever kind it is: up, down, status, images.
import { existsSync } from "node:fs";
import { ensureKubernetesBinary } from "../setup";
import { reportToTerminal, type Report } from "../programs";
import { network, ports } from "./core/cluster-settings";
import { findCluster, type Cluster } from "./find-cluster";
import { componentStatuses, isReady } from "./io/readiness";
import { kindDown, kindKubeconfig, kindLoadImage, kindRuns, kindUp } from "./kind-cluster";
import { importArchive } from "./load-image";
import { localClusterDown, localClusterUp } from "./local-cluster";

export { findCluster, type Cluster };

/** The path of the cluster's kubeconfig; the file exists while the cluster does. */
export function kubeconfigOf(cluster: Cluster): string {
  if (cluster.kind === "given") return cluster.kubeconfig;
  return cluster.kind === "kind" ? kindKubeconfig() : cluster.settings.kubeconfig;
}

/**
 * Makes sure of a ready cluster: finds it (see {@link findCluster}), starts or repairs it.
 * @returns the kubeconfig's path: administrator's rights, to be handed to clients as it is.
 * @throws Error when it can't be made ready, with the reason.
 */
export async function clusterUp(
  report: Report = reportToTerminal,
): Promise<{ kubeconfig: string }> {
  const cluster = await findCluster();
  const kubeconfig = kubeconfigOf(cluster);
  if (cluster.kind === "given") {
    if (!existsSync(kubeconfig)) {
      throw new Error(`AML_INFERENCE_KUBECONFIG must name a kubeconfig file: it is ${kubeconfig}`);
    }
    report(`Using the cluster of ${kubeconfig}.`);
  } else if (cluster.kind === "kind") {
    await kindUp(report);
  } else {
    await localClusterUp(cluster.settings, () => ensureKubernetesBinary({ report }), report);
  }
  return { kubeconfig };
}

/** Removes the cluster that {@link clusterUp} made, with everything in it; a given one stays as it is. @throws Error with what is left */
export async function clusterDown(report: Report = reportToTerminal): Promise<void> {
  const cluster = await findCluster();
  if (cluster.kind === "given")
    report(`The cluster of ${cluster.kubeconfig} is not ours: it stays.`);
  else if (cluster.kind === "kind") await kindDown(report);
  else {
    await localClusterDown(cluster.settings, report);
    if (existsSync(kindKubeconfig())) {
      throw new Error(
        "The kind cluster is left, since no Docker engine answers: start Docker and run the command again",
      );
    }
  }
}

export interface ClusterStatus {
  readonly kind: Cluster["kind"];
  readonly kubeconfig: string;
  /** `half` when something of it exists but it does not answer: `clusterUp` repairs that. */
  readonly state: "ready" | "half" | "absent";
  /** The local Kubernetes' processes; empty for the other kinds. */
  readonly components: ReturnType<typeof componentStatuses>;
  /** The API server's address. */
  readonly server?: string;
}

/** How the cluster is now; changes nothing. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const cluster = await findCluster();
  const kubeconfig = kubeconfigOf(cluster);
  const none = { kind: cluster.kind, kubeconfig, components: [] };
  if (cluster.kind === "given") {
    return { ...none, state: existsSync(kubeconfig) ? "ready" : "absent" };
  }
  if (cluster.kind === "kind") {
    const half = existsSync(kubeconfig) ? "half" : "absent";
    return { ...none, state: (await kindRuns()) ? "ready" : half };
  }
  const { settings } = cluster;
  if (!existsSync(settings.stateDir)) return { ...none, state: "absent" };
  const ready = await isReady(settings).catch(() => false);
  return {
    kind: "local",
    kubeconfig,
    state: ready ? "ready" : "half",
    components: componentStatuses(settings),
    server: `https://${network.nodeIp}:${ports.apiServer}`,
  };
}

/**
 * Makes an image available to pods under its own name; use `imagePullPolicy: IfNotPresent`.
 * @param image the path of an OCI or Docker archive; for kind also the name of an image in Docker.
 * @throws Error for a given cluster, which pulls from its own registries.
 */
export async function loadImage(image: string): Promise<void> {
  const cluster = await findCluster();
  if (cluster.kind === "local") await importArchive(cluster.settings, image);
  else if (cluster.kind === "kind") await kindLoadImage(image);
  else throw new Error(`Push ${image} to a registry: images can't be loaded into a given cluster`);
}
