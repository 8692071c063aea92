// Writes HAProxy's files before HAProxy starts.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BODY_MEMORY_SHARE, CONFIG_FILE } from "../../../../contracts/pods/router-environment";
import { placesOf, type Places } from "../core/places";
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

/**
 * For HaproxySettings: what this process's limit of open files, which HAProxy's container has too, has room for; empty
 * where it isn't known.
 * @param bodyMemoryBytes BODY_MEMORY_SHARE of the container's memory; undefined: it has no limit
 */
export function readPlaces(bodyMemoryBytes: number | undefined, hasTls: boolean): Partial<Places> {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const files = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1]);
  if (!Number.isInteger(files)) return {};
  const memoryBytes =
    bodyMemoryBytes === undefined ? undefined : bodyMemoryBytes / BODY_MEMORY_SHARE;
  return placesOf({ files, memoryBytes, hasTls });
}

const HUGE_PAGE_BYTES = 2 * 1024 * 1024;

/** For HaproxySettings: empty unless the kernel gives every process huge pages (admin-guide/mm/transhuge). */
export function readPageBytes(): { pageBytes?: number } {
  try {
    const choice = readFileSync("/sys/kernel/mm/transparent_hugepage/enabled", "utf8");
    return choice.includes("[always]") ? { pageBytes: HUGE_PAGE_BYTES } : {};
  } catch {
    return {}; // a kernel without them
  }
}
