// Reads and removes a stack's files in Pulumi's local file backend, where the CLI itself fails: it reads no stack beside a broken one.
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { StackName } from "./pulumi-lock";

/** How a stack's state is on disk: `broken` when it is there and can't be read. */
export type StackFileState = "absent" | "readable" | "broken";

/** How the stack's state is on disk, without the CLI. */
export function stackFileState(backend: string, name: StackName): StackFileState {
  const file = stateFile(backend, name);
  if (!existsSync(file)) return "absent";
  return isReadable(file) ? "readable" : "broken";
}

/**
 * Puts the CLI's copy of the state before its last change in the place of a broken one.
 * @returns whether the stack is readable now
 */
export function restoreStackFile(backend: string, name: StackName): boolean {
  const file = stateFile(backend, name);
  if (existsSync(file) && isReadable(file)) return true;
  const copy = `${file}.bak`;
  if (!existsSync(copy) || !isReadable(copy)) return false;
  copyFileSync(copy, file);
  return true;
}

/** Removes everything that the backend keeps of the stack; what the stack describes stays as it is. */
export function forgetStack(backend: string, { project, stack }: StackName): void {
  const folder = join(backend, ".pulumi");
  // The state goes last: until then the stack counts as there, and an interrupted run is repeated.
  const folders = ["backups", "history"].map((kind) => join(folder, kind, project, stack));
  const locks = join(folder, "locks", "organization", project, stack);
  const state = stateFile(backend, { project, stack });
  for (const path of [...folders, locks, `${state}.bak`, state]) {
    rmSync(path, { recursive: true, force: true });
    rmSync(`${path}.attrs`, { force: true });
  }
}

/** The objects that the state still has, as `type name`; neither providers nor components. */
export function remainingObjects(backend: string, name: StackName): readonly string[] {
  const file = stateFile(backend, name);
  if (stackFileState(backend, name) !== "readable") return [];
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
  return (checkpoint?.latest?.resources ?? [])
    .filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"))
    .map(({ urn, type }) => `${type.split(":").at(-1) ?? type} ${urn.split("::").at(-1) ?? urn}`);
}

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly {
        readonly urn: string;
        readonly type: string;
        readonly custom?: boolean;
      }[];
    };
  };
}

function stateFile(backend: string, { project, stack }: StackName): string {
  return join(backend, ".pulumi", "stacks", project, `${stack}.json`);
}

function isReadable(file: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null && "checkpoint" in content;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
