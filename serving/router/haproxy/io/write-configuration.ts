// Writes HAProxy's files before HAProxy starts.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIG_FILE } from "../../../../contracts/pods/router-environment";
import type { HaproxySettings } from "../core/haproxy-settings";
import { errorFiles, ERROR_FOLDER } from "../core/error-files";
import { LUA_FILE, renderHaproxyConfig, SURFACE_LUA_FILE } from "../core/render-haproxy-config";
import { SLOTS_LUA } from "../core/slots-lua";
import { SURFACE_LUA } from "../core/surface-lua";
import { writeWhole } from "./write-whole";

/** The configuration goes last and whole: it is what HAProxy's start waits for. */
export function writeConfiguration(settings: HaproxySettings): void {
  const { directory } = settings;
  mkdirSync(join(directory, ERROR_FOLDER), { recursive: true });
  const write = (file: string, text: string) => writeWhole(join(directory, file), text);
  write(LUA_FILE, SLOTS_LUA);
  write(SURFACE_LUA_FILE, SURFACE_LUA);
  for (const { path, text } of errorFiles()) write(path, text);
  write(CONFIG_FILE, renderHaproxyConfig(settings));
}

/** File descriptors that a request needs: one of its client, four between three frontends, one to its replica; and a reserve. */
const FILES_PER_CLIENT = 8;

/** For HaproxySettings: this process's limit of open files, which HAProxy's container has too; undefined: not known. */
export function maxClients(): number | undefined {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const files = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1]);
  return Number.isInteger(files) ? Math.floor(files / FILES_PER_CLIENT) : undefined;
}
