// Makes and removes the cgroup that holds the pods, in every hierarchy of cgroup v1 and v2.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../../programs";

export interface CgroupHierarchy {
  readonly path: string;
  readonly version: 1 | 2;
}

/** Where this machine's hierarchies are mounted. */
export function cgroupHierarchies(): CgroupHierarchy[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, path, type] = line.split(" ");
      if (path === undefined || (type !== "cgroup" && type !== "cgroup2")) return [];
      return [{ path, version: type === "cgroup" ? 1 : 2 }];
    });
}

/** Makes the cgroup `name` below the root of each hierarchy: kubelet wants its root to exist. */
export function ensureCgroup(name: string): void {
  for (const { path, version } of cgroupHierarchies()) {
    const group = join(path, name);
    if (version === 2) enableControllers(path);
    mkdirSync(group, { recursive: true });
    if (version === 2) continue;
    // A new cpuset of version 1 is empty, and nothing can run in it.
    for (const file of ["cpuset.mems", "cpuset.cpus"]) {
      if (existsSync(join(group, file))) {
        writeFileSync(join(group, file), readFileSync(join(path, file), "utf8").trim());
      }
    }
  }
}

/** Children of a version 2 cgroup have only the controllers that it passes on, and kubelet wants them all. */
function enableControllers(path: string): void {
  const controllers = readFileSync(join(path, "cgroup.controllers"), "utf8").trim().split(" ");
  for (const controller of controllers.filter(Boolean)) {
    try {
      writeFileSync(join(path, "cgroup.subtree_control"), `+${controller}`);
    } catch {
      // A controller that can't be passed on, such as cpu beside real-time processes: kubelet names it if it needs it.
    }
  }
}

/** Removes the cgroup `name` with everything below it; its processes must have been killed. */
export async function removeCgroup(name: string): Promise<void> {
  const groups = cgroupHierarchies().map(({ path }) => join(path, name));
  // The kernel keeps a group busy for a moment after its last process.
  const gone = await waitUntil(
    () => {
      groups.filter(existsSync).forEach(removeTree);
      return !groups.some(existsSync);
    },
    { timeoutMs: 10_000 },
  );
  if (!gone) throw new Error(`The cgroup ${name} is still in use: ${groups.join(", ")}`);
}

function removeTree(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(group, entry.name));
  }
  rmdirSync(group);
}
