// Why pods don't become ready, as one sentence that names the cause and its details.
import { type ContainerStatus, type Event, type Pod, type ReplicaSet } from "./workload";

/** What keeps a roll-out from becoming ready. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** One sentence, no full stop. */
  readonly sentence: string;
}

export type TroubleKind =
  "Refused" | "ImagePull" | "Config" | "Crash" | "Unschedulable" | "Probe" | "Starting";

/**
 * Milliseconds for which a trouble may last before the roll-out has failed; the others may still pass by themselves
 * (nodes are added, models load), so only the roll-out's timeout ends them.
 */
export const PATIENCE_MS: Readonly<Partial<Record<TroubleKind, number>>> = {
  Refused: 20_000,
  // Registries fail for moments: the kubelet's second attempt comes after 10 s.
  ImagePull: 15_000,
  Config: 15_000,
  Crash: 0,
};

/** Restarts after which a crash is no accident. */
const CRASHES = 2;
const LOG_LINES = 5;
/** Longest message of others that we pass on. */
const MESSAGE_LENGTH = 500;

/** Everything that explains: pods of the newest template, their events (any order), and logs keyed `<pod>/<container>`. */
export interface Evidence {
  readonly replicaSet: ReplicaSet | undefined;
  readonly pods: readonly Pod[];
  readonly events: readonly Event[];
  readonly logs: Readonly<Record<string, string>>;
}

/** The gravest trouble of the newest pods, or undefined when none is seen. */
export function explainPods(evidence: Evidence): Trouble | undefined {
  const refused = explainRefusal(evidence.replicaSet);
  if (refused !== undefined) return refused;
  const troubles = evidence.pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .flatMap((pod) => explainPod(pod, evidence) ?? []);
  return ORDER.flatMap((kind) => troubles.find((trouble) => trouble.kind === kind) ?? [])[0];
}

/** Gravest first. */
const ORDER: readonly TroubleKind[] = [
  "Crash",
  "ImagePull",
  "Config",
  "Unschedulable",
  "Probe",
  "Starting",
];

/** Containers whose log explains: those that crashed. `previous`: the log of the run before the present one. */
export function crashedContainers(
  pods: readonly Pod[],
): readonly { readonly pod: string; readonly container: string; readonly previous: boolean }[] {
  return pods.flatMap((pod) =>
    statusesOf(pod)
      .filter(hasCrashed)
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
    // While the kubelet backs off, only the event still has the registry's message.
    const message = event?.message ?? status.state?.waiting?.message;
    return {
      kind: "ImagePull",
      sentence: `image ${status.image} of container ${status.name} can't be pulled: ${text(message)}`,
    };
  }
  if (/^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/.test(waiting)) {
    const message = text(status.state?.waiting?.message);
    return { kind: "Config", sentence: `container ${status.name} can't be started: ${message}` };
  }
  return hasCrashed(status) ? explainCrash(pod, status, evidence) : undefined;
}

function explainCrash(pod: Pod, status: ContainerStatus, evidence: Evidence): Trouble {
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  const how =
    ended === undefined
      ? "crashes"
      : ended.reason === "OOMKilled"
        ? "was killed because it used more memory than its limit"
        : `exited with code ${ended.exitCode}`;
  const probe = newest(
    evidence.events,
    pod,
    ({ reason, message }) => reason === "Unhealthy" && /^(Liveness|Startup)/.test(message ?? ""),
  );
  const log = (evidence.logs[`${pod.metadata.name}/${status.name}`] ?? ended?.message ?? "").trim();
  const lines = log === "" ? [] : log.split("\n").slice(-LOG_LINES);
  const said =
    lines.length === 0 ? "its log is empty" : `its log ends with: ${text(lines.join(" | "))}`;
  const killed = probe === undefined ? "" : ` after ${text(probe.message)}`;
  const times = status.restartCount === 1 ? "once" : `${status.restartCount} times`;
  return {
    kind: "Crash",
    sentence: `container ${status.name} ${how}${killed} (restarted ${times}); ${said}`,
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
    if (mount !== undefined)
      return { kind: "Config", sentence: `a volume can't be mounted: ${text(mount.message)}` };
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

function hasCrashed({ state, restartCount }: ContainerStatus): boolean {
  const backsOff = state?.waiting?.reason === "CrashLoopBackOff" || state?.terminated !== undefined;
  return backsOff && restartCount >= CRASHES;
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

/** Another's message on one line, cut when it is very long. */
function text(message: string | undefined): string {
  const line = (message ?? "no reason is given").replace(/\s+/g, " ").trim();
  return line.length <= MESSAGE_LENGTH ? line : `${line.slice(0, MESSAGE_LENGTH)} …`;
}
