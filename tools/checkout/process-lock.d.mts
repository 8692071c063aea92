// Types of process-lock.mjs.

/**
 * When a process started, as an opaque text that is equal only for the same process: `undefined` when no
 * such process lives (a zombie does not), `""` where the system does not say.
 */
export function processStart(pid: number): string | undefined;

/**
 * Runs `action` while no other process is inside a call with the same `path`; a lock left by a dead process
 * is taken over. `share` makes a child process hold the lock too, so that it is not free while the child
 * outlives a killed parent; a second child replaces the first. Not for two calls at once in one process: the second would wait for the first.
 * @param onWait told once, with the holder's process id, when the lock is not free at once
 * @param timeoutMs how long to wait for the lock; default: as long as its holder lives
 * @throws Error with the holder's process id when the lock is not free in time
 */
export function withProcessLock<T>(
  path: string,
  onWait: (holderPid: number) => void,
  action: (share: (childPid: number) => void) => Promise<T>,
  timeoutMs?: number,
): Promise<T>;

/** The process ids of those who hold the lock of this path and live; empty when it is free. */
export function livingHolders(path: string): readonly number[];
