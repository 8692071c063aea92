// Keeps one component running: starts it, restarts it with growing delays, keeps its log.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Component, Condition } from "../core/plan-components";
import { nextRestart } from "../core/restart-delay";
import { openBoundedLog } from "./bounded-log";
import { waitUntil } from "../../programs";

export interface ComponentStatus {
  readonly name: string;
  /** `waiting` for what it starts after, or for its next start. */
  readonly state: "waiting" | "running";
  /** ISO time of the last change. */
  readonly since: string;
  readonly restarts: number;
  /** How the last run ended; absent before the first end. */
  readonly lastEnd?: string;
}

/** Runs the component for ever; `report` hears of every change. */
export async function superviseComponent(
  component: Component,
  logDir: string,
  report: (status: ComponentStatus) => void,
): Promise<never> {
  const log = openBoundedLog(join(logDir, `${component.name}.log`));
  let failures = 0;
  let lastEnd: string | undefined;
  const tell = (state: ComponentStatus["state"], restarts: number) =>
    report({
      name: component.name,
      state,
      since: new Date().toISOString(),
      restarts,
      ...(lastEnd === undefined ? {} : { lastEnd }),
    });

  for (let restarts = 0; ; restarts++) {
    tell("waiting", restarts);
    if (component.after !== undefined) await waitForCondition(component.after);
    tell("running", restarts);
    const startedAt = Date.now();
    lastEnd = await runOnce(component, log);
    log(`${new Date().toISOString()} ${component.name} ended: ${lastEnd}\n`);
    const next = nextRestart(failures, Date.now() - startedAt);
    failures = next.failuresInARow;
    tell("waiting", restarts);
    await sleep(next.delayMs);
  }
}

function runOnce({ program, args }: Component, log: (chunk: Buffer) => void): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", log);
    child.stderr.on("data", log);
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

async function waitForCondition(condition: Condition): Promise<void> {
  while (!(await waitUntil(() => holds(condition), { timeoutMs: 60_000, everyMs: 100 })));
}

function holds(condition: Condition): Promise<boolean> {
  if ("url" in condition) return answers(condition.url, condition.caFile);
  return accepts("socket" in condition ? connect(condition.socket) : connect(condition));
}

function accepts(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

function answers(url: string, caFile: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ca: readFileSync(caFile), timeout: 5_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}
