// Applies a plan to a running HAProxy.
import type { Unfinished } from "../core/applied-generations";
import { applySteps } from "../core/apply-steps";
import type { LiveModel } from "../core/live-model";
import type { StepGroup } from "../core/plan-update";
import { classifyReply } from "../core/reply";
import { renderStep, type Step } from "../core/step";
import type { Subject } from "../core/subject";
import type { RuntimeSocket } from "./runtime-socket";

export interface Applied extends Unfinished {
  /** What HAProxy serves now; after a failure it may differ. */
  readonly live: LiveModel;
}

type StepOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly reply: string }
  | { readonly kind: "failed"; readonly message: string };

/** A step that can't be done ends its group only. Throws when HAProxy is not there. */
export async function applyPlan(
  socket: RuntimeSocket,
  {
    live,
    plan,
    abstractName,
  }: {
    readonly live: LiveModel;
    readonly plan: readonly StepGroup[];
    readonly abstractName: string;
  },
): Promise<Applied> {
  const done: Step[] = [];
  const waiting: { subject: Subject; reply: string }[] = [];
  const failures: { subject: Subject; message: string }[] = [];
  for (const { subject, steps } of plan) {
    for (const step of steps) {
      const outcome = await applyStep(socket, step, abstractName);
      if (outcome.kind === "done") {
        done.push(step);
        continue;
      }
      if (outcome.kind === "later") waiting.push({ subject, reply: outcome.reply });
      else failures.push({ subject, message: outcome.message });
      break;
    }
  }
  return { live: applySteps(live, done), waiting, failures };
}

async function applyStep(
  socket: RuntimeSocket,
  step: Step,
  abstractName: string,
): Promise<StepOutcome> {
  for (const command of renderStep(step, abstractName)) {
    const reply = await socket.command(command.text);
    const outcome = classifyReply(command, reply);
    if (outcome.kind === "failed")
      return { kind: "failed", message: `HAProxy replied '${reply}' to '${command.text}'` };
    if (outcome.kind === "later") return outcome;
  }
  return { kind: "done" };
}
