// Takes down what a cluster could leave on a machine, to compare before and after.
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { compactFirewall } from "./core/compact-firewall";
import { defaultStateDir } from "./core/cluster-settings";
import { captureOutput } from "../programs";
import { cgroupHierarchies } from "./io/cgroups";
import { changedSysctls, readSysctl } from "./io/machine-record";

/** Sorted lines per kind. */
export type MachineSnapshot = Readonly<
  Record<
    | "processes"
    | "mounts"
    | "interfaces"
    | "networkNamespaces"
    | "firewall"
    | "sysctls"
    | "cgroups"
    | "files"
    | "loopDevices",
    readonly string[]
  >
>;

/** Folders where containerd, kubelet and CNI keep their state, ours and the distribution's. */
const stateFolders = [
  "/etc/cni",
  "/opt/cni",
  "/run/containerd",
  "/run/netns",
  "/var/lib/cni",
  "/var/lib/containerd",
  "/var/lib/kubelet",
  "/var/log/containers",
  "/var/log/pods",
];

/**
 * What is there now. Processes: all but this one, its ancestors, its descendants and the kernel's own.
 * @param stateDir the cluster's state folder.
 */
export async function machineSnapshot(
  stateDir: string = defaultStateDir,
): Promise<MachineSnapshot> {
  const sorted = (lines: readonly string[]) => [...lines].sort();
  return {
    processes: sorted(processes()),
    mounts: sorted(mounts()),
    interfaces: sorted(interfaces()),
    networkNamespaces: sorted(networkNamespaces()),
    firewall: await firewall(),
    sysctls: changedSysctls.map((name) => `${name} = ${readSysctl(name) ?? "absent"}`),
    cgroups: sorted(cgroupHierarchies().flatMap(({ path }) => folders(path))),
    files: sorted([
      ...stateFolders.filter((path) => existsSync(path)).flatMap(folders),
      // Of a cluster's own folder, that it is there says enough.
      ...[stateDir, `${stateDir}.lock`, `${stateDir}.removed`].filter((path) => existsSync(path)),
    ]),
    loopDevices: sorted(loopDevices()),
  };
}

/** One line per difference, such as `mounts: + tmpfs …`; empty when both are equal. */
export function compareSnapshots(before: MachineSnapshot, after: MachineSnapshot): string[] {
  const kinds = Object.keys(before) as (keyof MachineSnapshot)[];
  return kinds.flatMap((kind) => [
    ...without(before[kind], after[kind]).map((line) => `${kind}: - ${line}`),
    ...without(after[kind], before[kind]).map((line) => `${kind}: + ${line}`),
  ]);
}

/** Equal lines count: two in one and one in the other leave one. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const index = rest.indexOf(line);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): string[] {
  const all = processIds().flatMap((pid): ProcessLine[] => {
    const stat = readIfThere(`/proc/${pid}/stat`);
    const command = readIfThere(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim();
    // The kernel's threads and zombies have no command line.
    if (stat === undefined || !command) return [];
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return [{ pid, parent, command }];
  });
  const byPid = new Map(all.map((process) => [process.pid, process]));
  const ancestors = (pid: number): number[] => {
    const parent = byPid.get(pid)?.parent;
    return parent === undefined ? [pid] : [pid, ...ancestors(parent)];
  };
  const own = new Set(ancestors(process.pid));
  return all
    .filter(({ pid }) => !own.has(pid) && !ancestors(pid).includes(process.pid))
    .map(({ command }) => command);
}

function mounts(): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [, type, source] = line.slice(line.indexOf(" - ") + 1).split(" ");
      return `${line.split(" ")[4] ?? ""} ${type ?? ""} ${source ?? ""}`;
    });
}

/** Also those that are down, which the addresses' list leaves out. */
function interfaces(): string[] {
  const names = readFileSync("/proc/net/dev", "utf8")
    .split("\n")
    .flatMap((line) => /^\s*([^:\s]+):/.exec(line)?.[1] ?? []);
  const addresses = networkInterfaces();
  return names.map((name) =>
    [name, ...(addresses[name] ?? []).map(({ cidr, address }) => cidr ?? address)].join(" "),
  );
}

function networkNamespaces(): string[] {
  const used = processIds().flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/net`)];
    } catch {
      return []; // Ended meanwhile.
    }
  });
  return [...new Set(used)];
}

async function firewall(): Promise<string[]> {
  const families = ["iptables", "ip6tables"].map(async (family) => {
    // Not installed yet: no rules.
    const saved = await captureOutput(`${family}-save`, []).catch(() => "");
    return compactFirewall(saved).map((line) => `${family} ${line}`);
  });
  return (await Promise.all(families)).flat();
}

function loopDevices(): string[] {
  return readdirSync("/sys/block")
    .filter((name) => name.startsWith("loop"))
    .flatMap((name) => {
      const file = readIfThere(`/sys/block/${name}/loop/backing_file`);
      return file === undefined ? [] : [`${name} ${file.trim()}`];
    });
}

function processIds(): number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger);
}

function folders(path: string): string[] {
  let inside: string[];
  try {
    inside = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => folders(join(path, entry.name)));
  } catch {
    inside = []; // A file, or gone meanwhile.
  }
  return [path, ...inside];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
