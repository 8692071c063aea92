// The files by which the pod's containers ask for a drain and answer it (DRAIN_FILES).
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DRAIN_FILES, LONGEST_DRAIN_SECONDS } from "../../../../contracts/pods/router-environment";
import { writeWhole } from "../../haproxy/io/write-whole";

/** Milliseconds between two looks at the files. */
export const LOOK_MS = 200;

export class DrainFiles {
  readonly #directory: string;

  /** @param directory the one that is shared with HAProxy */
  constructor(directory: string) {
    this.#directory = directory;
  }

  get requested(): boolean {
    return existsSync(this.#path("requested"));
  }

  get answered(): boolean {
    return existsSync(this.#path("answered"));
  }

  answer(): void {
    this.#write("answered", "");
  }

  /** Removes request and answer: HAProxy serves on. */
  undo(): void {
    rmSync(this.#path("requested"), { force: true });
    rmSync(this.#path("answered"), { force: true });
  }

  /** Seconds that a drain may take. */
  get bound(): number {
    try {
      const seconds = Number(readFileSync(this.#path("bound"), "utf8"));
      return Number.isInteger(seconds) && seconds > 0 ? seconds : LONGEST_DRAIN_SECONDS;
    } catch {
      return LONGEST_DRAIN_SECONDS; // not written yet
    }
  }

  set bound(seconds: number) {
    this.#write("bound", String(seconds));
  }

  #path(file: keyof typeof DRAIN_FILES): string {
    return join(this.#directory, DRAIN_FILES[file]);
  }

  /** HAProxy's hook reads it. */
  #write(file: keyof typeof DRAIN_FILES, text: string): void {
    writeWhole(this.#path(file), text);
  }
}
