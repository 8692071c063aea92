// Starts the supervisor in namespaces of its own, finds it again later, and ends it with everything inside.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ClusterSettings } from "../core/cluster-settings";
import { mountPoints } from "./machine-record";
import { isRunning, readIdentityFile } from "./process-identity";
import { waitUntil } from "../../programs";

// The process records itself before it starts anything, so that no moment leaves it unfindable.
const outerScript = `
read -r stat < /proc/self/stat
read -r boot < /proc/sys/kernel/random/boot_id
printf '%s\\n%s\\n' "$stat" "$boot" > "$1.new"
mv "$1.new" "$1"
shift
exec unshare --mount --pid --fork --kill-child --mount-proc -- sh -e -c "$@"
`;

// Process 1 of the namespace is a shell: it reaps what containers leave, and its end ends them all.
// /run, logs and the folders of kubelet and CNI are the cluster's own, so the machine's stay as they are.
const innerScript = `
host="$1/host"
shift
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$host/var-log" /var/log
mount --bind "$host/kubelet" ${mountPoints.kubelet}
mount --bind "$host/cni" ${mountPoints.cni}
"$@" &
wait $!
`;

/** Whether the supervisor of this cluster runs. */
export function supervisorRuns({ supervisorIdentity }: ClusterSettings): boolean {
  const identity = readIdentityFile(supervisorIdentity);
  return identity !== undefined && isRunning(identity);
}

/** Starts the supervisor, detached from this process. */
export function launchSupervisor(settings: ClusterSettings, kube: string): void {
  mkdirSync(settings.logDir, { recursive: true });
  const log = openSync(join(settings.logDir, "supervisor.log"), "w");
  const supervisor = resolve(__dirname, "..", "supervisor.ts");
  const command = [process.execPath, "-r", "ts-node/register/transpile-only", supervisor];
  const child = spawn(
    "sh",
    [
      ...["-e", "-c", outerScript, "sh", settings.supervisorIdentity],
      ...[innerScript, "sh", settings.stateDir, ...command, settings.stateDir, kube],
    ],
    { detached: true, stdio: ["ignore", log, log], cwd: resolve(__dirname, "../../..") },
  );
  child.unref();
  closeSync(log);
}

/** Kills the supervisor and with it every process of the cluster, pods included; nothing to do when it does not run. */
export async function killSupervisor(settings: ClusterSettings): Promise<void> {
  const identity = readIdentityFile(settings.supervisorIdentity);
  if (identity === undefined || !isRunning(identity)) return;
  // The namespace's process 1 ends after all the others in it; unshare, its parent, then ends too.
  const children = readFileSync(`/proc/${identity.pid}/task/${identity.pid}/children`, "utf8");
  const first = Number.parseInt(children, 10);
  process.kill(Number.isNaN(first) ? identity.pid : first, "SIGKILL");
  const ended = await waitUntil(() => !isRunning(identity), { timeoutMs: 20_000, everyMs: 50 });
  if (!ended) throw new Error(`The supervisor (process ${identity.pid}) does not end`);
}
