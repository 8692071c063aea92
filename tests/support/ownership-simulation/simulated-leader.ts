// The autoscaler's leader in a simulated world: the decision that ships, or any list that keeps the rules.
import type { AssignedRouter, Assignment } from "../../../contracts/ownership/assignment";
import { rankRouters } from "../../../contracts/ownership/rank-routers";
import { podOf, type RouterId } from "../../../contracts/ownership/router-id";
import {
  type AssignmentTimes,
  nextAssignment,
  type SeenRouter,
} from "../../../serving/autoscaler/assignment/core/next-assignment";

/** A tenth of those that ship, as much shorter as the courses are. */
export const SIMULATED_TIMES: AssignmentTimes = { joinMs: 300, leaveMs: 1_000, settleMs: 1_000 };

/** Lists these routers, and who isn't fenced yet of those before. */
export function anyAssignment(
  { epoch, routers }: Assignment,
  active: readonly RouterId[],
  fenced: ReadonlySet<RouterId>,
): Assignment {
  const kept = routers.map(({ id }) => id).filter((id) => !fenced.has(id));
  const listed = [...new Set([...active, ...kept])].map((id): AssignedRouter => {
    const isLeaving = !active.includes(id);
    return { id, address: `${podOf(id)}:9000`, seed: podOf(id), isLeaving };
  });
  return { epoch: epoch + 1, routers: listed };
}

export class SimulatedLeader {
  private epoch = -1;
  private seenMs = 0;
  private startedMs = 0;
  /** By version: its owner, who was it before, and since when. */
  private readonly owners = new Map<string, { owner: string; before: string; sinceMs: number }>();

  constructor(
    private readonly versions: readonly string[],
    private readonly next: typeof nextAssignment = nextAssignment,
    private readonly times: AssignmentTimes = SIMULATED_TIMES,
  ) {}

  /** Another process leads: it knows nothing of before. */
  restart(nowMs: number): void {
    this.epoch = -1;
    this.startedMs = nowMs;
  }

  /** What is to be written, if anything. */
  decide(
    current: Assignment,
    seen: readonly SeenRouter[],
    fenced: ReadonlySet<RouterId>,
    nowMs: number,
  ): Assignment | undefined {
    if (this.epoch !== current.epoch) this.seenMs = nowMs;
    this.epoch = current.epoch;
    const since = seen.map((router) => ({
      ...router,
      sinceMs: Math.max(router.sinceMs, this.startedMs),
    }));
    const next = this.next(current, since, fenced, this.versions, this.seenMs, nowMs, this.times);
    return next.decision === "write" ? next.assignment : undefined;
  }

  /**
   * Versions that went back, sooner than a router that isn't ready leaves, from one that neither ends nor is fenced.
   * @returns one sentence for each
   */
  moved(assignment: Assignment, seen: readonly SeenRouter[], decidedMs: number): string[] {
    const isWell = (id: RouterId): boolean =>
      assignment.routers.some((router) => router.id === id) &&
      seen.some((router) => router.id === id && !router.isEnding);
    return this.versions.flatMap((version) => {
      const owner = rankRouters(version, assignment)[0]?.id ?? "";
      const last = this.owners.get(version);
      if (last?.owner === owner) return [];
      this.owners.set(version, { owner, before: last?.owner ?? "", sinceMs: decidedMs });
      if (last === undefined || owner !== last.before || !isWell(last.owner)) return [];
      const forMs = decidedMs - last.sinceMs;
      return forMs < SIMULATED_TIMES.leaveMs
        ? [`${version} is back at ${owner} after ${forMs.toFixed(0)} ms`]
        : [];
    });
  }
}
