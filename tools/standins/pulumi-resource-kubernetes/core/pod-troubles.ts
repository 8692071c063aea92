/** Why pods are not ready, from their status: one sentence per container that is in trouble. */
import { isRecord } from "../../property-value";
import { type KubeObject, nameOf, valueAt } from "./kube-object";

/** The troubles of these pods; a pod without one adds nothing. */
export function podTroubles(pods: readonly KubeObject[]): string[] {
  return pods.flatMap((pod) => {
    const scheduled = conditionsOf(pod).find(({ type }) => type === "PodScheduled");
    if (scheduled?.["status"] === "False") {
      return [`[Pod ${nameOf(pod)}]: not scheduled: ${textOf(scheduled["message"])}`];
    }
    return statusesOf(pod).flatMap((status) => {
      const trouble = containerTrouble(status);
      return trouble
        ? [`[Pod ${nameOf(pod)}]: container "${textOf(status["name"])}" ${trouble}`]
        : [];
    });
  });
}

function containerTrouble(status: Record<string, unknown>): string | undefined {
  if (status["ready"] === true) return undefined;
  const waiting = valueAt(status, "state", "waiting");
  const ended =
    valueAt(status, "state", "terminated") ?? valueAt(status, "lastState", "terminated");
  const parts: string[] = [];
  // Both of these only say that the pod is on its way.
  const passing = ["ContainerCreating", "PodInitializing"];
  if (isRecord(waiting) && !passing.includes(textOf(waiting["reason"]))) {
    const message = textOf(waiting["message"]);
    parts.push(`waits: ${textOf(waiting["reason"])}${message ? ` (${message})` : ""}`);
  }
  if (isRecord(ended)) {
    const message = textOf(ended["message"]).trim();
    parts.push(`ended with exit code ${textOf(ended["exitCode"])}${message ? `: ${message}` : ""}`);
  }
  if (valueAt(status, "state", "running") !== undefined) parts.push("runs but is not ready");
  return parts.length > 0 ? parts.join("; it ") : undefined;
}

function statusesOf(pod: KubeObject): Record<string, unknown>[] {
  return ["initContainerStatuses", "containerStatuses"].flatMap((member) => recordsAt(pod, member));
}

function conditionsOf(pod: KubeObject): Record<string, unknown>[] {
  return recordsAt(pod, "conditions");
}

function recordsAt(pod: KubeObject, member: string): Record<string, unknown>[] {
  const list = valueAt(pod, "status", member);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
