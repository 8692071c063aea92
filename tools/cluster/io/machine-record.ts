// Remembers what the machine had before the cluster changed it, and puts it back.
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ClusterSettings } from "../core/cluster-settings";
import { captureOutput } from "../../programs";
import { bootId } from "./process-identity";

/** Settings of the kernel module br_netfilter: they exist while it is loaded. */
export const bridgeFilterSysctls = [
  "net/bridge/bridge-nf-call-iptables",
  "net/bridge/bridge-nf-call-ip6tables",
] as const;

/** Kernel settings that kubelet, kube-proxy, the CNI plugins or we set. */
export const changedSysctls = [
  "kernel/keys/root_maxbytes",
  "kernel/keys/root_maxkeys",
  "kernel/panic",
  "kernel/panic_on_oops",
  ...bridgeFilterSysctls,
  "net/ipv4/conf/all/route_localnet",
  "net/ipv4/ip_forward",
  "net/ipv6/conf/all/forwarding",
  "net/netfilter/nf_conntrack_max",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
] as const;

/** Folders where components insist on keeping files: the cluster sees its own ones there. */
export const mountPoints = { kubelet: "/var/lib/kubelet", cni: "/var/lib/cni" } as const;

interface MachineRecord {
  readonly bootId: string;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly madeFolders: readonly string[];
}

/** The value of a kernel setting; undefined where the kernel has none of that name. */
export function readSysctl(name: string): string | undefined {
  try {
    return readFileSync(join("/proc/sys", name), "utf8").trim();
  } catch {
    return undefined;
  }
}

function readRecord(path: string): MachineRecord | undefined {
  // Our own file, replaced in one step: it is whole or absent.
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as MachineRecord) : undefined;
}

/** Records the machine's state unless a record from this boot exists, then makes the mount points. */
export function recordMachine({ machineRecord }: ClusterSettings): void {
  const former = readRecord(machineRecord);
  const boot = bootId();
  const madeFolders = Object.values(mountPoints).filter(
    (path) => former?.madeFolders.includes(path) === true || !existsSync(path),
  );
  const sysctls =
    former?.bootId === boot
      ? former.sysctls
      : Object.fromEntries(
          changedSysctls.flatMap((name) => {
            const value = readSysctl(name);
            return value === undefined ? [] : [[name, value]];
          }),
        );
  mkdirSync(dirname(machineRecord), { recursive: true, mode: 0o700 });
  writeFileSync(`${machineRecord}.new`, JSON.stringify({ bootId: boot, sysctls, madeFolders }));
  renameSync(`${machineRecord}.new`, machineRecord);
  for (const path of Object.values(mountPoints)) mkdirSync(path, { recursive: true });
}

/**
 * Sets the kernel settings back (after a reboot they already are), unloads br_netfilter if we loaded it, and
 * removes the mount points that we made.
 */
export async function restoreMachine({ machineRecord }: ClusterSettings): Promise<void> {
  const record = readRecord(machineRecord);
  if (record === undefined) return;
  if (record.bootId === bootId()) {
    for (const [name, value] of Object.entries(record.sysctls)) {
      if (readSysctl(name) !== value) writeFileSync(join("/proc/sys", name), value);
    }
    const [bridgeFilter] = bridgeFilterSysctls;
    if (!(bridgeFilter in record.sysctls) && readSysctl(bridgeFilter) !== undefined) {
      await captureOutput("modprobe", ["--remove", "br_netfilter"]);
    }
  }
  for (const path of record.madeFolders) {
    try {
      rmdirSync(path);
    } catch {
      // Gone already, or somebody else keeps files there now.
    }
  }
}
