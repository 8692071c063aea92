// Writes HAProxy's files before HAProxy starts.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIG_FILE } from "../core/environment";
import { LUA_FILE, renderHaproxyConfig, type HaproxySettings } from "../core/render-haproxy-config";
import { SLOTS_LUA } from "../core/slots-lua";

/** The configuration goes last and whole: it is what HAProxy's start waits for. */
export function writeConfiguration(settings: HaproxySettings): void {
  const { directory } = settings;
  mkdirSync(directory, { recursive: true });
  const write = (file: string, text: string) => {
    const path = join(directory, file);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  write(LUA_FILE, SLOTS_LUA);
  write(CONFIG_FILE, renderHaproxyConfig(settings));
}
