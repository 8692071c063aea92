// Tells whether the local cluster is ready, and what its supervisor says about its components.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { network, ports, type ClusterSettings } from "../core/cluster-settings";
import { supervisorRuns } from "./launch-supervisor";
import type { ComponentStatus } from "./supervise-component";

/** What the supervisor last reported; empty when there is no cluster. */
export function componentStatuses({ supervisorStatus }: ClusterSettings): ComponentStatus[] {
  if (!existsSync(supervisorStatus)) return [];
  return JSON.parse(readFileSync(supervisorStatus, "utf8")) as ComponentStatus[];
}

/** True when pods can be started and Services reached: node ready, default service account made, rules written. */
export async function isReady(settings: ClusterSettings): Promise<boolean> {
  if (!existsSync(settings.kubeconfig)) return false;
  const config = new KubeConfig();
  config.loadFromFile(settings.kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const node = await core.readNode({ name: settings.nodeName });
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  // A status from before the start says nothing: kubelet must have spoken since.
  const since = componentStatuses(settings).find(({ name }) => name === "kubelet")?.since;
  const heard = ready?.lastHeartbeatTime?.getTime() ?? 0;
  if (ready?.status !== "True" || since === undefined || heard + 1000 < Date.parse(since)) {
    return false;
  }
  await core.readNamespacedServiceAccount({ namespace: "default", name: "default" });
  const proxy = await fetch(`http://${network.nodeIp}:${ports.proxyHealth}/healthz`);
  return proxy.ok;
}

/** Why the local cluster is not ready: its components' last ends, or the supervisor's own last words. */
export function describeFailure(settings: ClusterSettings): string {
  const logs = `Logs: ${settings.logDir}`;
  if (!supervisorRuns(settings)) {
    const log = readFileSync(join(settings.logDir, "supervisor.log"), "utf8").trim();
    return `The local Kubernetes' supervisor ended: ${log.split("\n").slice(-3).join(" ")} ${logs}`;
  }
  const components = componentStatuses(settings).map(
    ({ name, state, lastEnd }) => `${name}: ${state}${lastEnd ? `, last end: ${lastEnd}` : ""}`,
  );
  return `The local Kubernetes does not become ready. ${components.join("; ")}. ${logs}`;
}
