// The processes of this machine that a test has started, children of children too.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Command lines, by process id, of the processes whose environment contains the text; empty without /proc. */
export function processesWith(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const entry of globSync("/proc/[0-9]*")) {
    try {
      if (!readFileSync(join(entry, "environ"), "utf8").includes(text)) continue;
      const command = readFileSync(join(entry, "cmdline"), "utf8").replaceAll("\0", " ");
      found.set(Number(entry.slice("/proc/".length)), command);
    } catch {
      continue; // ended meanwhile
    }
  }
  return found;
}
