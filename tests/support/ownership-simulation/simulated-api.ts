// The API server of a simulated world: Leases with resourceVersions, and the ConfigMap of the assignment.
import { type Assignment, NO_ASSIGNMENT } from "../../../contracts/ownership/assignment";
import { leaseHolder, type RouterLease } from "../../../contracts/ownership/router-lease";
import type { RouterId } from "../../../contracts/ownership/router-id";
import type { ReadLease } from "../../../serving/router/ownership/core/own-lease";
import type { SimulationOptions } from "./simulation-options";

export class SimulatedApi {
  assignment: Assignment = NO_ASSIGNMENT;
  /** Holders whose pods are gone. */
  readonly gone = new Set<string>();
  private readonly leases = new Map<string, ReadLease>();
  private revision = 0;

  /** @param unguarded what is written whatever there is */
  constructor(private readonly unguarded: SimulationOptions["unguarded"]) {}

  read(pod: string): ReadLease | "absent" {
    return this.leases.get(pod) ?? "absent";
  }

  /** @returns the new resourceVersion; undefined: a conflict */
  write(pod: string, lease: RouterLease, guard: string | undefined): string | undefined {
    if (this.unguarded !== "leases" && this.leases.get(pod)?.resourceVersion !== guard)
      return undefined;
    this.revision += 1;
    const resourceVersion = String(this.revision);
    this.leases.set(pod, { lease, resourceVersion });
    return resourceVersion;
  }

  holders(): RouterId[] {
    return [...this.leases.values()].flatMap(({ lease }) => leaseHolder(lease) ?? []);
  }

  isHeld(id: RouterId): boolean {
    return this.holders().includes(id);
  }

  /** Listed routers whose Leases are fenced. */
  fenced(): Set<RouterId> {
    const holders = new Set(this.holders());
    return new Set(this.assignment.routers.map(({ id }) => id).filter((id) => !holders.has(id)));
  }

  /** Takes the place of the epoch before. */
  writeAssignment(assignment: Assignment): void {
    const isNext = assignment.epoch === this.assignment.epoch + 1;
    if (isNext || this.unguarded === "assignment") this.assignment = assignment;
  }
}
