// Reads the JSON files that settings name.
import { readFileSync } from "node:fs";
import { messageOf } from "../../values/message-of";

/** Read once per run: neither the former state nor a scanner's findings change meanwhile. */
const read = new Map<string, unknown>();

/** @throws Error that names the file */
export function readJson(path: string): unknown {
  if (!read.has(path)) {
    try {
      read.set(path, JSON.parse(readFileSync(path, "utf8")));
    } catch (error) {
      throw new Error(`${path} can't be read: ${messageOf(error)}`, { cause: error });
    }
  }
  return read.get(path);
}
