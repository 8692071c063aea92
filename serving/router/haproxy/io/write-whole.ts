// Writes files that another process reads.
import { renameSync, writeFileSync } from "node:fs";

/** Whole or not at all: a reader finds the former text or the new one. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
