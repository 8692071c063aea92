// A running HAProxy: what it serves, and the steps that change it.
import type { StepGroup } from "../core/plan-update";
import { applyStep, readLive, type LiveModel } from "../core/live-model";
import { renderStep, type Step } from "../core/step";
import type { RuntimeSocket } from "./runtime-socket";

/** Reads everything; costs a pass over all of it, so only after a start or a surprise. */
export async function readHaproxy(socket: RuntimeSocket): Promise<LiveModel> {
  const map = (name: string) => socket.command(`show map virt@${name}`);
  return readLive({
    show: await socket.command("aml show"),
    endpoints: await map("endpoints"),
    keys: await map("keys"),
    versions: await map("versions"),
    ready: await map("ready"),
  });
}

export interface Applied {
  /** Groups that wait for requests to end, and what HAProxy said. */
  readonly waiting: readonly { readonly about: string; readonly reply: string }[];
  /** What went wrong, a sentence for each group that ended early; `live` may then differ from HAProxy. */
  readonly failures: readonly { readonly about: string; readonly message: string }[];
}

/** Does the steps and records them in `live`. A step that can't be done ends its group only. */
export async function applyPlan(
  socket: RuntimeSocket,
  {
    live,
    plan,
    abstractName,
  }: { live: LiveModel; plan: readonly StepGroup[]; abstractName: string },
): Promise<Applied> {
  const waiting: { about: string; reply: string }[] = [];
  const failures: { about: string; message: string }[] = [];
  for (const { about, steps } of plan) {
    for (const step of steps) {
      const outcome = await doStep(socket, step, abstractName);
      if (outcome === "done") {
        applyStep(live, step);
        continue;
      }
      if (outcome.later) waiting.push({ about, reply: outcome.reply });
      else failures.push({ about, message: outcome.message });
      break;
    }
  }
  return { waiting, failures };
}

async function doStep(
  socket: RuntimeSocket,
  step: Step,
  abstractName: string,
): Promise<
  | "done"
  | { readonly later: true; readonly reply: string }
  | { readonly later: false; readonly message: string }
> {
  for (const { text, done, later } of renderStep(step, abstractName)) {
    const reply = await socket.command(text);
    if (done.test(reply)) continue;
    if (later?.test(reply)) return { later: true, reply };
    return { later: false, message: `HAProxy replied '${reply}' to '${text}'` };
  }
  return "done";
}
