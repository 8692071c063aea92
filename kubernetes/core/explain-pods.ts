// Explains why pods don't become ready: one sentence with the cause and its details.
import { type ContainerStatus, type Event, type Pod, type ReplicaSet } from "./workload";

/** What keeps a roll-out from completing. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** One sentence, no full stop. */
  readonly sentence: string;
  /** Of what the kubelet tries again by itself: when it tried last, as the event says. */
  readonly triedAt?: string;
}

export type TroubleKind =
  "Refused" | "ImagePull" | "Config" | "Crash" | "Unschedulable" | "Restart" | "Probe" | "Starting";

/**
 * Milliseconds for which a trouble may last before the roll-out fails. The other kinds may resolve by themselves (nodes
 * are added, models load): only the roll-out's timeout ends them.
 */
export const PATIENCE_MS: Readonly<Partial<Record<TroubleKind, number>>> = {
  Refused: 20_000,
  // Registries fail transiently, and the kubelet retries after 10 s.
  ImagePull: 15_000,
  Config: 15_000,
  Crash: 0,
};

/** Restarts from which a crash is no accident. */
const CRASHES = 2;
const LOG_LINES = 5;
/** Longest message that we quote, in characters. */
const MESSAGE_LENGTH = 500;

/** What explains: pods of the newest template, their events in any order, and logs keyed `<pod>/<container>`. */
export interface Evidence {
  readonly replicaSet: ReplicaSet | undefined;
  readonly pods: readonly Pod[];
  readonly events: readonly Event[];
  readonly logs: Readonly<Record<string, string>>;
}

/** The most severe trouble of the newest pods; undefined when there is none. */
export function explainPods(evidence: Evidence): Trouble | undefined {
  const refused = explainRefusal(evidence.replicaSet);
  if (refused !== undefined) return refused;
  const troubles = evidence.pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .flatMap((pod) => explainPod(pod, evidence) ?? []);
  return BY_SEVERITY.flatMap((kind) => troubles.find((trouble) => trouble.kind === kind) ?? [])[0];
}

/** Most severe first. */
const BY_SEVERITY: readonly TroubleKind[] = [
  "Crash",
  "ImagePull",
  "Config",
  "Unschedulable",
  "Restart",
  "Probe",
  "Starting",
];

/** The containers that exited, whose logs explain the crash. `previous`: read the log of the previous run. */
export function exitedContainers(
  pods: readonly Pod[],
): readonly { readonly pod: string; readonly container: string; readonly previous: boolean }[] {
  return pods.flatMap((pod) =>
    statusesOf(pod)
      .filter(hasExited)
      .map(({ name, state }) => ({
        pod: pod.metadata.name,
        container: name,
        previous: state?.terminated === undefined,
      })),
  );
}

function explainRefusal(replicaSet: ReplicaSet | undefined): Trouble | undefined {
  const failure = replicaSet?.status?.conditions?.find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  if (failure === undefined) return undefined;
  return {
    kind: "Refused",
    sentence: `Kubernetes refuses to create its pods: ${text(failure.message)}`,
  };
}

function explainPod(pod: Pod, evidence: Evidence): Trouble | undefined {
  for (const status of statusesOf(pod)) {
    const trouble = explainContainer(pod, status, evidence);
    if (trouble !== undefined) return trouble;
  }
  return explainScheduling(pod, evidence) ?? explainReadiness(pod, evidence);
}

function explainContainer(
  pod: Pod,
  status: ContainerStatus,
  evidence: Evidence,
): Trouble | undefined {
  const waiting = status.state?.waiting?.reason ?? "";
  if (/^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/.test(waiting)) {
    const event = newest(evidence.events, pod, (candidate) =>
      /^Failed to pull image/.test(candidate.message ?? ""),
    );
    // While the kubelet backs off, only the event has the registry's message.
    const message = event?.message ?? status.state?.waiting?.message;
    return {
      kind: "ImagePull",
      sentence: `image ${status.image} of container ${status.name} can't be pulled: ${text(message)}`,
    };
  }
  if (/^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/.test(waiting)) {
    const message = status.state?.waiting?.message;
    const reason = explainUser(status.image, message) ?? text(message);
    return { kind: "Config", sentence: `container ${status.name} can't be started: ${reason}` };
  }
  return hasExited(status) ? explainCrash(pod, status, evidence) : undefined;
}

/** Of the kubelet's two refusals of a pod that may not be root (pkg/kubelet/kuberuntime, verifyRunAsNonRoot). */
function explainUser(image: string, message = ""): string | undefined {
  const otherwise = 'or podSecurity "Baseline"';
  if (/runAsNonRoot and image will run as root/.test(message)) {
    return `image ${image} runs as root, which podSecurity "Restricted" refuses: give the version another user's number as runAsUser, ${otherwise}`;
  }
  const [, user] = /image has non-numeric user \(([^)]*)\)/.exec(message) ?? [];
  if (user === undefined) return undefined;
  return `image ${image} runs as user "${user}", which podSecurity "Restricted" takes for root without a number: give the version that user's number as runAsUser (docker run --rm --entrypoint id ${image} -u), ${otherwise}`;
}

function explainCrash(pod: Pod, status: ContainerStatus, evidence: Evidence): Trouble {
  const terminated = status.state?.terminated ?? status.lastState?.terminated;
  const how =
    terminated === undefined
      ? "crashes"
      : terminated.reason === "OOMKilled"
        ? "was killed because it used more memory than its limit"
        : `exited with code ${terminated.exitCode}`;
  // A container that crashes by itself fails its probes, too: only this event says that the kubelet stopped it.
  const isStopped = newest(evidence.events, pod, isStoppedByProbe) !== undefined;
  const probe = newest(
    evidence.events,
    pod,
    ({ reason, message }) => reason === "Unhealthy" && /^(Liveness|Startup)/.test(message ?? ""),
  );
  const log = evidence.logs[`${pod.metadata.name}/${status.name}`] ?? terminated?.message ?? "";
  const lines = log.trim() === "" ? [] : log.trim().split("\n").slice(-LOG_LINES);
  const logTail =
    lines.length === 0 ? "its log is empty" : `its log ends with: ${text(lines.join(" | "))}`;
  const killed = isStopped && probe !== undefined ? ` after ${text(probe.message)}` : "";
  const times = status.restartCount === 1 ? "once" : `${status.restartCount} times`;
  return {
    kind: status.restartCount >= CRASHES ? "Crash" : "Restart",
    sentence: `container ${status.name} ${how}${killed} (restarted ${times}); ${logTail}`,
  };
}

function explainScheduling(pod: Pod, { events }: Evidence): Trouble | undefined {
  const scheduled = condition(pod, "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  const event = newest(events, pod, ({ reason }) => reason === "FailedScheduling");
  const message = text(scheduled.message ?? event?.message);
  return { kind: "Unschedulable", sentence: `no node has room for its pod: ${message}` };
}

function explainReadiness(pod: Pod, { events }: Evidence): Trouble | undefined {
  if (condition(pod, "Ready")?.status === "True") return undefined;
  const mount = newest(events, pod, ({ reason }) =>
    /^(FailedMount|FailedAttachVolume)$/.test(reason ?? ""),
  );
  const unready = statusesOf(pod).find(
    ({ ready, state }) => !ready && state?.running !== undefined,
  );
  if (unready === undefined) {
    if (mount !== undefined) {
      const sentence = `a volume can't be mounted: ${text(mount.message)}`;
      return { kind: "Config", sentence, triedAt: mount.lastTimestamp ?? mount.eventTime ?? "" };
    }
    return { kind: "Starting", sentence: "its pod is being started" };
  }
  const failed = newest(events, pod, ({ reason }) => reason === "Unhealthy");
  if (failed === undefined) {
    return { kind: "Starting", sentence: `container ${unready.name} runs and isn't ready yet` };
  }
  return {
    kind: "Probe",
    sentence: `container ${unready.name} runs but isn't ready: ${text(failed.message)}`,
  };
}

/** A container that ended and isn't running again; an init container that ended well is none. */
function hasExited({ state }: ContainerStatus): boolean {
  if (state?.waiting?.reason === "CrashLoopBackOff") return true;
  return state?.terminated !== undefined && state.terminated.exitCode !== 0;
}

function isStoppedByProbe({ reason, message }: Event): boolean {
  return reason === "Killing" && /failed (liveness|startup) probe/.test(message ?? "");
}

function statusesOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function condition(pod: Pod, type: string) {
  return pod.status?.conditions?.find((candidate) => candidate.type === type);
}

function newest(
  events: readonly Event[],
  pod: Pod,
  matches: (event: Event) => boolean,
): Event | undefined {
  const time = (event: Event) => event.lastTimestamp ?? event.eventTime ?? "";
  return events
    .filter((event) => event.involvedObject.uid === pod.metadata.uid && matches(event))
    .reduce<Event | undefined>(
      (latest, event) => (latest === undefined || time(event) >= time(latest) ? event : latest),
      undefined,
    );
}

/** A quoted message on one line, truncated to MESSAGE_LENGTH. */
function text(message: string | undefined): string {
  const line = (message ?? "no reason is given").replace(/\s+/g, " ").trim();
  return line.length <= MESSAGE_LENGTH ? line : `${line.slice(0, MESSAGE_LENGTH)} …`;
}
