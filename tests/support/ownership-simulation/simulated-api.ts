// The API server of a simulated world: Leases with resourceVersions, and the ConfigMap of the assignment.
import {
  type AssignedRouter,
  type Assignment,
  NO_ASSIGNMENT,
} from "../../../contracts/ownership/assignment";
import { leaseHolder, type RouterLease } from "../../../contracts/ownership/router-lease";
import { podOf, type RouterId } from "../../../contracts/ownership/router-id";
import type { ReadLease } from "../../../serving/router/ownership/core/own-lease";

export class SimulatedApi {
  assignment: Assignment = NO_ASSIGNMENT;
  /** Holders whose pods are gone. */
  readonly gone = new Set<string>();
  private readonly leases = new Map<string, ReadLease>();
  private revision = 0;

  /** @param isGuarded false: a write succeeds whatever the Lease is */
  constructor(private readonly isGuarded: boolean) {}

  read(pod: string): ReadLease | "absent" {
    return this.leases.get(pod) ?? "absent";
  }

  /** @returns the new resourceVersion; undefined: a conflict */
  write(pod: string, lease: RouterLease, guard: string | undefined): string | undefined {
    if (this.isGuarded && this.leases.get(pod)?.resourceVersion !== guard) return undefined;
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

  /** The next epoch: these, and who isn't fenced yet of those before. */
  assign(active: readonly RouterId[]): void {
    if (active.length === 0) return;
    const kept = this.assignment.routers.map(({ id }) => id).filter((id) => this.isHeld(id));
    const routers = [...new Set([...active, ...kept])].map((id): AssignedRouter => {
      const isLeaving = !active.includes(id);
      return { id, address: `${podOf(id)}:9000`, seed: podOf(id), isLeaving };
    });
    this.assignment = { epoch: this.assignment.epoch + 1, routers };
  }
}
