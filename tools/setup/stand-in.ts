// Writes the scripts that start the project's stand-ins where the vendor's programs would be.
import { join } from "node:path";
import { projectRoot } from "../checkout";
import { shellQuote } from "../programs";

/** The Node that the project pins; the system's may be older than what Pulumi's SDK asks for. */
export const nodeExecutable = join(projectRoot, "node_modules", "node", "bin", "node");

/** The text of an executable that runs tools/standins/`name`/main.ts with all its arguments. */
export function standInLauncher(name: string, version: string): string {
  const start = join(projectRoot, "tools", "standins", "start.cjs");
  return [
    "#!/bin/sh",
    `# aml-inference's stand-in for ${name} ${version}.`,
    `exec ${shellQuote(nodeExecutable)} ${shellQuote(start)} ${shellQuote(name)} "$@"`,
    "",
  ].join("\n");
}
