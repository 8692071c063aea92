// A temporary folder for the Pulumi CLI: pulumi-kubernetes leaves the kubeconfig of each provider in it, in clear.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const folders = new Map<string, string>();

/** This process's folder below the state folder, for nobody else to read. It is removed when the process ends. */
export function temporaryFolder(state: string): string {
  const known = folders.get(state);
  if (known !== undefined) return known;
  const parent = join(state, "temporary");
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeLeftovers(parent);
  const folder = mkdtempSync(join(parent, `${process.pid}-`));
  folders.set(state, folder);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Folders of processes that were killed. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (isAlive(Number.parseInt(name, 10))) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
