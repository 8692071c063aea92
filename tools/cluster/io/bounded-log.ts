// A log file of bounded size: what is older than two files' worth is lost.
import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

const largestBytes = 4 * 1024 * 1024;

/** Returns a function that appends to `path`; a full file becomes `path.1` and takes the place of the former one. */
export function openBoundedLog(path: string): (chunk: string | Buffer) => void {
  mkdirSync(dirname(path), { recursive: true });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (chunk) => {
    if (bytes > largestBytes) {
      renameSync(path, `${path}.1`);
      bytes = 0;
    }
    appendFileSync(path, chunk);
    bytes += Buffer.byteLength(chunk);
  };
}
