/** The stand-in's state on disk, so that a test run that was killed can go on. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Store, StoreSnapshot } from "../core/store";

/** Reads the state into the store, when the file exists; gives its time. */
export function loadState(path: string, store: Store): number | undefined {
  if (!existsSync(path)) return undefined;
  const snapshot = JSON.parse(readFileSync(path, "utf8")) as StoreSnapshot;
  store.restore(snapshot);
  return snapshot.nowMs;
}

/** Writes the state; a reader sees the old or the new one, never a part. */
export function saveState(path: string, store: Store, nowMs: number): void {
  // Bodies can hold keys that a test made up, so nobody else may read them.
  writeFileSync(`${path}.new`, JSON.stringify(store.snapshot(nowMs)), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
