// One start or stop of the quickstart at a time. A stop does not wait for a start: it ends it.
import { join } from "node:path";
import { livingHolders, stateDirectory, withProcessLock } from "../checkout";
import type { Report } from "../programs";
import { endProcess } from "../setup";

/** How long a second `npm start` waits for the first. */
export const START_WAIT_MS = 600_000;

/** Makes a child process hold the lock as well: it may outlive this process. */
export type Share = (childPid: number) => void;

const lock = (): string => join(stateDirectory(), "quickstart.lock");
/** Stops take it first, so that one stop doesn't take another for a start. */
const stopLock = (): string => join(stateDirectory(), "quickstart-stop.lock");

/** Runs a start, after the one or the stop that is under way; waits up to ten minutes for it. */
export function withStartLock<T>(report: Report, action: (share: Share) => Promise<T>): Promise<T> {
  const wait = (pid: number) =>
    report(`Process ${pid} is starting or stopping the quickstart; waiting for it.`);
  return withProcessLock(lock(), wait, action, START_WAIT_MS);
}

/** Runs a stop, after ending the start that is under way. */
export function withStopLock<T>(report: Report, action: (share: Share) => Promise<T>): Promise<T> {
  const wait = (pid: number) =>
    report(`Process ${pid} is stopping the quickstart; waiting for it.`);
  return withProcessLock(stopLock(), wait, async () => {
    for (let pid = firstHolder(); pid !== undefined; pid = firstHolder()) {
      report(`Ending the npm start that is under way (process ${pid}) …`);
      await endProcess(pid);
    }
    return withStartLock(report, action);
  });
}

const firstHolder = (): number | undefined => livingHolders(lock())[0];
