// Makes and removes the network interfaces and firewall rules that the local cluster has on the machine.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { network } from "../core/cluster-settings";
import { planFirewallCleanup } from "../core/plan-firewall-cleanup";
import { captureOutput, waitUntil } from "../../programs";
import { bridgeFilterSysctls, readSysctl } from "./machine-record";

/** Asked through the network namespace: /sys may show another one's. */
const interfaceExists = (name: string): Promise<boolean> =>
  captureOutput("ip", ["link", "show", "dev", name]).then(
    () => true,
    () => false,
  );

/** An interface with the node's address: a bridge without ports, since some kernels have no dummy device. */
export async function ensureNodeInterface(): Promise<void> {
  const { nodeInterface, nodeIp } = network;
  if (!(await interfaceExists(nodeInterface))) {
    await captureOutput("ip", ["link", "add", nodeInterface, "type", "bridge"]);
  }
  await captureOutput("ip", ["address", "replace", `${nodeIp}/32`, "dev", nodeInterface]);
  await captureOutput("ip", ["link", "set", nodeInterface, "up"]);
}

/** Traffic between pods of one bridge passes the rules of Services only with this kernel module. */
export async function ensureBridgeFilter(): Promise<void> {
  if (readSysctl(bridgeFilterSysctls[0]) === undefined) {
    await captureOutput("modprobe", ["br_netfilter"]);
  }
  for (const name of bridgeFilterSysctls) {
    if (readSysctl(name) === "0") writeFileSync(join("/proc/sys", name), "1");
  }
}

/** Removes both interfaces and every rule of kube-proxy, kubelet and CNI; the components must have ended. */
export async function removeNetwork(): Promise<void> {
  // The pods' ends of the bridge go with their network namespaces, a moment after their processes.
  const podLinks = async () =>
    (await captureOutput("ip", ["-brief", "link", "show", "master", network.podBridge])).trim();
  if (await interfaceExists(network.podBridge)) {
    await waitUntil(async () => (await podLinks()) === "", { timeoutMs: 10_000 });
  }
  for (const name of [network.podBridge, network.nodeInterface]) {
    if (await interfaceExists(name)) await captureOutput("ip", ["link", "delete", name]);
  }
  for (const family of ["iptables", "ip6tables"]) {
    let saved: string;
    try {
      saved = await captureOutput(`${family}-save`, []);
    } catch {
      continue; // Not installed, or the kernel lacks this family: nothing can be there.
    }
    const plan = planFirewallCleanup(saved);
    if (plan !== "") await captureOutput(`${family}-restore`, ["--noflush"], { input: plan });
  }
}
