// The router's own Lease: takes a term, renews it when promises run low, and notices that it was fenced.

import type { LeaseTerm, RouterLease } from "../../../../contracts/ownership/router-lease";
import { type RouterId, routerId } from "../../../../contracts/ownership/router-id";
import type { Rules } from "./rules";

/** A Lease with the version that guards a write. */
export interface ReadLease {
  readonly lease: RouterLease;
  readonly resourceVersion: string;
}

/** How a write ended: `unknown` without an answer; it may have succeeded, or still will. */
export type WriteEnd = { readonly resourceVersion: string } | "conflict" | "unknown";

export interface Identity {
  readonly pod: string;
  readonly uid: string;
  /** A random text per process. */
  readonly process: string;
}

export class OwnLease {
  /** When the last successful write was sent. */
  writtenMs = -Infinity;
  /** The Lease must be read before it is written: what is in it isn't known. */
  mustRead = true;
  private held: ReadLease | undefined;
  /** Written since `held`, and it isn't known whether with success. */
  private tried: RouterLease[] = [];
  /** The last of them, while its answer may still come. */
  private pending: { readonly lease: RouterLease; readonly sentMs: number } | undefined;
  /** The Lease as it was read while it isn't held; `absent`: there is none. */
  private found: ReadLease | "absent" | undefined;
  private renewals = 0;
  private lastTerm = 0;

  constructor(
    private readonly identity: Identity,
    private readonly rules: Rules,
  ) {}

  /** Undefined: without a term. */
  get id(): RouterId | undefined {
    if (this.held === undefined) return undefined;
    return routerId(this.identity.pod, this.identity.uid, this.held.lease.term);
  }

  get renewal(): number {
    return this.held?.lease.renewal ?? 0;
  }

  /** The lists of members that may be in the Lease. */
  get memberLists(): readonly (readonly RouterId[])[] {
    if (this.held === undefined) return [];
    const tried = this.tried.map(({ members }) => members);
    return this.rules.possibleLists(this.held.lease.members, tried);
  }

  /** A write has no answer yet. */
  get isPending(): boolean {
    return this.pending !== undefined;
  }

  /** Whether the Lease may have, or has, other members than these. */
  differsFrom(peers: readonly RouterId[]): boolean {
    const members = [...peers, ...(this.id === undefined ? [] : [this.id])].sort().join();
    return this.memberLists.some((list) => list.join() !== members);
  }

  /** A write that renews the term, or takes the next one. @param peers the members besides the router itself */
  write(peers: readonly RouterId[], nowMs: number): RouterLease & { guard?: string } {
    const { pod, uid, process } = this.identity;
    const base = this.held ?? (this.found === "absent" ? undefined : this.found);
    const before = base?.lease;
    const term = this.held?.lease.term ?? Math.max(before?.term ?? 0, this.lastTerm) + 1;
    const members = [...peers, routerId(pod, uid, term)].sort();
    const former = this.held === undefined ? before && termOnly(before) : before?.former;
    const lease: RouterLease = {
      ...{ holder: `${pod}/${uid}`, process, term, members },
      renewal: (this.renewals += 1),
      ...(former === undefined ? {} : { former }),
    };
    this.pending = { lease, sentMs: nowMs };
    this.tried.push(lease);
    return base === undefined ? lease : { ...lease, guard: base.resourceVersion };
  }

  onWritten(end: WriteEnd): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending === undefined) return;
    if (typeof end === "object") {
      this.tried = [];
      this.hold({ lease: pending.lease, ...end });
      this.writtenMs = pending.sentMs;
    } else this.mustRead = true;
  }

  /** @returns whether the term was lost: somebody has fenced it, or the Lease is no longer there */
  onRead(read: ReadLease | "absent"): boolean {
    const { held } = this;
    if (this.pending === undefined) this.mustRead = false;
    const isOwn =
      read !== "absent" && read.lease.holder !== "" && read.lease.process === this.identity.process;
    if (held === undefined) {
      if (isOwn && read.lease.term > this.lastTerm) this.hold(read);
      else this.found = read;
      return false;
    }
    if (isOwn && read.lease.term === held.lease.term) {
      // One with a smaller renewal was late: a write has succeeded since.
      if (read.lease.renewal >= held.lease.renewal) this.hold(read);
      return false;
    }
    if (read !== "absent" && read.lease.term < held.lease.term) return false;
    this.lose();
    this.found = read;
    return true;
  }

  /** The term is over. */
  lose(): void {
    this.held = undefined;
    this.found = undefined;
    this.tried = [];
    this.writtenMs = -Infinity;
    this.mustRead = true;
  }

  private hold(read: ReadLease): void {
    this.held = read;
    this.lastTerm = read.lease.term;
    // Earlier attempts had a resourceVersion that is no longer there.
    this.tried = this.tried.filter(({ renewal }) => renewal > read.lease.renewal);
  }
}

function termOnly({ term, renewal, lastReport }: RouterLease): LeaseTerm {
  return { term, renewal, ...(lastReport === undefined ? {} : { lastReport }) };
}
