// Whether the address in a Service's status is that of the load balancer that the program asks for.
//
// What happens after a change of the annotations (kubernetes/cloud-provider, service controller; cloud-provider-azure,
// reconcileService): event EnsuringLoadBalancer; the cloud makes the new frontend and deletes the former one; event
// EnsuredLoadBalancer; the new address is written into the status, unless it is the same. If the cloud refuses: event
// SyncLoadBalancerFailed, and again after 5 s to 5 min. The former address stays in the status meanwhile.
import { type Event } from "../../../kubernetes/core/workload";
import {
  addressOf,
  changeTimes,
  defectOf,
  isKeptByCloud,
  type Service,
} from "./load-balancer-service";

export interface AddressQuestion {
  readonly service: Service | undefined;
  /** The Service's events, in any order. */
  readonly events: readonly Event[];
  /** True when the program may have changed the Service just before: an address from before the change doesn't count. */
  readonly mayBeFormer: boolean;
  /** Milliseconds of this wait so far, and how long it may take. */
  readonly waitedMs: number;
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export type AddressVerdict =
  | { readonly kind: "ready"; readonly address: string }
  /** The status may still be written, which takes one request; the address counts after `SETTLING_MS`. */
  | { readonly kind: "settling"; readonly address: string }
  /** `message`: what is missing. */
  | { readonly kind: "waiting"; readonly message: string }
  /** A wait won't help. `message` follows the Service's name. */
  | { readonly kind: "wrong"; readonly message: string };

/** Between the event EnsuredLoadBalancer and the status lies one request. */
export const SETTLING_MS = 3_000;
/** For a load balancer that tells nothing in events to see a change, e.g. MetalLB. */
const SILENT_CONTROLLER_MS = 10_000;

const ENSURING = "EnsuringLoadBalancer";
const ENSURED = "EnsuredLoadBalancer";
const FAILED = "SyncLoadBalancerFailed";

export function assessAddress(question: AddressQuestion): AddressVerdict {
  const { service, mayBeFormer } = question;
  const defect = defectOf(service);
  if (service === undefined || defect !== undefined) {
    const message = `${defect ?? "doesn't exist"}: pulumi up --refresh corrects that`;
    return { kind: "wrong", message };
  }
  const address = addressOf(service);
  if (address === undefined) return { kind: "waiting", message: "it has no address" };
  const progress = mayBeFormer ? progressOf(service, question) : "done";
  switch (progress) {
    case "done":
      return { kind: "ready", address };
    case "settling":
      return { kind: "settling", address };
    case "underWay":
      return { kind: "waiting", message: `it still has its former address ${address}` };
  }
}

/** How far the load balancer's controller is with the Service as it is now. */
function progressOf(
  service: Service,
  { events, waitedMs, timeoutMs, nowMs }: AddressQuestion,
): "done" | "settling" | "underWay" {
  const { declaredMs, statusMs } = changeTimes(service);
  if (statusMs >= declaredMs) return "done";
  const since = events
    .filter((event) => timeOf(event) >= declaredMs)
    .filter(({ reason = "" }) => [ENSURING, ENSURED, FAILED].includes(reason));
  const newestMs = Math.max(...since.map(timeOf));
  // Times are in seconds: an attempt that began and ended within one is in no order.
  const newest = since.filter((event) => timeOf(event) === newestMs).map(({ reason }) => reason);
  if (newest.includes(FAILED)) return "underWay";
  if (newest.includes(ENSURED)) return "settling";
  if (newest.includes(ENSURING)) return "underWay";
  // Nobody says anything: events may be lost, and the change may be one that the controller doesn't look at.
  const ageMs = Math.max(waitedMs, nowMs - declaredMs);
  return ageMs >= (isKeptByCloud(service) ? timeoutMs : SILENT_CONTROLLER_MS) ? "done" : "underWay";
}

/** The newest warnings, as `<reason>: <message>`, at most two. */
export function newestWarnings(events: readonly Event[]): readonly string[] {
  const warnings = events
    .filter(({ type }) => type === "Warning")
    .sort((left, right) => timeOf(right) - timeOf(left))
    .map(({ reason = "", message = "" }) => `${reason}: ${message.replace(/\s+/g, " ").trim()}`);
  return [...new Set(warnings)].slice(0, 2);
}

/** Milliseconds since 1970; 0 when the event has no time. */
function timeOf({ lastTimestamp, eventTime }: Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? "") || 0;
}
