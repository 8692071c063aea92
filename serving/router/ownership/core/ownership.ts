// Who may use a version's slots, as one router sees it: messages, Leases and time in; messages, writes and places out.
//
// docs/decisions/many-routers.md has the rules, the states and the picture.

import { type Assignment, NO_ASSIGNMENT } from "../../../../contracts/ownership/assignment";
import type {
  PeerMessage,
  Ping,
  Places,
  Report,
} from "../../../../contracts/ownership/peer-message";
import { rankRouters } from "../../../../contracts/ownership/rank-routers";
import { leaseHolder, type RouterLease } from "../../../../contracts/ownership/router-lease";
import {
  holderOf,
  podOf,
  type RouterId,
  succeeds,
  termOf,
} from "../../../../contracts/ownership/router-id";
import { type Bounds, DRIFT } from "./bounds";
import { FencedRouters } from "./fenced-routers";
import { type Identity, OwnLease, type ReadLease, type WriteEnd } from "./own-lease";
import { type PromiseBook, refuse } from "./promise-book";
import { type Rules, RULES } from "./rules";
import type { PeerReport } from "./withheld-places";

export type Effect =
  | { readonly kind: "send"; readonly to: RouterId; readonly message: PeerMessage }
  | { readonly kind: "read"; readonly pod: string }
  /** Without a guard: the Lease is created, and must not exist. */
  | {
      readonly kind: "write";
      readonly pod: string;
      readonly lease: RouterLease;
      /** The resourceVersion that the Lease must have. */
      readonly guard?: string;
    };

export interface OwnershipSettings extends Identity {
  readonly bounds: Bounds;
  /** What becomes of a silent router's versions when the API server can't be asked: `refuse` is exact. */
  readonly whenApiIsAway: "refuse" | "serve";
  readonly rules?: Rules;
}

interface SeenLease extends ReadLease {
  readonly seenMs: number;
  readonly readMs: number;
}

export class Ownership {
  /** How often a router was taken for fenced without a proof. */
  presumptions = 0;
  private assignment: Assignment = NO_ASSIGNMENT;
  private readonly own: OwnLease;
  private readonly book: PromiseBook;
  private readonly promisedMs = new Map<RouterId, number>();
  private readonly reports = new Map<RouterId, PeerReport>();
  private readonly leases = new Map<string, SeenLease>();
  /** Holders whose pods are gone, and since when it is known. */
  private readonly goneMs = new Map<string, number>();
  /** By silent router: who gives it no promise up to which renewal of its Lease. */
  private readonly silences = new Map<RouterId, Map<RouterId, number>>();
  private readonly fenced: FencedRouters;
  private readonly presumedMs = new Map<RouterId, number>();
  /** Versions that are ours, and since when. */
  private readonly oursMs = new Map<string, number>();
  private readonly ranks = new Map<string, readonly RouterId[]>();
  private readonly dueMs = new Map<string, number>();
  private readonly fencing = new Set<string>();
  private sequence = 0;
  private readonly rules: Rules;

  constructor(
    private readonly settings: OwnershipSettings,
    nowMs: number,
  ) {
    this.rules = settings.rules ?? RULES;
    this.own = new OwnLease(settings, this.rules);
    this.fenced = new FencedRouters(settings.bounds, this.rules);
    this.book = { startedMs: nowMs, givenMs: new Map(), refusedThrough: new Map() };
  }

  get id(): RouterId | undefined {
    return this.own.id;
  }

  get epoch(): number {
    return this.assignment.epoch;
  }

  /** Routers that are taken for fenced now, without a proof, because the API server can't be asked. */
  get presumed(): readonly RouterId[] {
    return [...this.presumedMs.keys()];
  }

  /** Own monotonic time at which HAProxy must stop using slots, whatever becomes of the agent. */
  get rightUntilMs(): number {
    return this.id === undefined
      ? -Infinity
      : Math.max(this.promisedUntilMs(), this.own.writtenMs + this.settings.bounds.rightMs);
  }

  /** The router that has the version in the current assignment, as far as is known here. */
  ownerOf(version: string): RouterId | undefined {
    let rank = this.ranks.get(version);
    if (rank === undefined) {
      rank = rankRouters(version, this.assignment).map(({ id }) => id);
      this.ranks.set(version, rank);
    }
    return rank.find((id) => !this.fenced.has(id) && !this.presumedMs.has(id));
  }

  /** Whether the version is ours, so that we use it while we have the right. */
  isOurs(version: string, nowMs: number): boolean {
    return this.oursSince(version, nowMs) !== undefined;
  }

  /** How many requests we may have at the replica until `rightUntilMs`, those included that are there already. */
  placesOf(version: string, replica: string, limit: number, nowMs: number): number {
    const sinceMs = this.oursSince(version, nowMs);
    if (sinceMs === undefined) return 0;
    let places = limit;
    const orphanMs = this.settings.bounds.orphanMs * DRIFT;
    for (const id of this.peers()) {
      if (nowMs - (this.presumedMs.get(id) ?? nowMs) < orphanMs)
        places -= this.rules.stillHeld(this.reports.get(id), replica);
    }
    return Math.max(0, places - this.fenced.placesOf(replica, sinceMs, nowMs));
  }

  /** A newer list of routers. What isn't ours in it, we stop using before anybody hears that we know it. */
  adopt(assignment: Assignment, nowMs: number): void {
    if (!this.rules.isNewer(assignment.epoch, this.epoch)) return;
    const listed = new Set(assignment.routers.map(({ id }) => id));
    const dropped = this.assignment.routers.filter(({ id }) => !listed.has(id));
    this.assignment = assignment;
    this.ranks.clear();
    for (const { id } of dropped) this.fenced.add(id, this.reports.get(id), undefined, nowMs);
    for (const { id } of assignment.routers) {
      if (this.id !== undefined && id !== this.id && succeeds(this.id, id)) this.fenced.addOwn(id);
    }
    this.keepOurs();
    this.pingSoon();
  }

  /** The next tick pings: a place of a version that moves has come back. */
  pingSoon(): void {
    this.dueMs.delete("ping");
  }

  onMessage(message: PeerMessage, nowMs: number): readonly Effect[] {
    const { id: self } = this;
    if (self === undefined) return [];
    const { from } = message;
    const answer = (reply: PeerMessage): Effect[] => [{ kind: "send", to: from, message: reply }];
    switch (message.kind) {
      case "ping": {
        this.adopt(message.assignment, nowMs);
        if (this.fenced.has(from)) return [];
        this.record(from, message, message.assignment.epoch, nowMs);
        for (const each of message.withheld) {
          if (each.router !== self) {
            this.fenced.merge(each, this.reports.get(each.router), nowMs);
          } else {
            this.own.lose();
            this.onTermLost();
          }
        }
        if (!this.rules.mayPromise(this.book, from, message.renewal)) return [];
        this.book.givenMs.set(from, nowMs);
        return answer({ kind: "promise", from: self, router: from, sentAtMs: message.sentAtMs });
      }
      case "promise": {
        if (message.router !== self || message.sentAtMs > nowMs) return [];
        const newestMs = Math.max(message.sentAtMs, this.promisedMs.get(from) ?? -Infinity);
        this.promisedMs.set(from, newestMs);
        return [];
      }
      case "ask": {
        const { router, renewal } = message;
        if (!this.rules.isSilent(this.book, router, nowMs, this.settings.bounds)) return [];
        refuse(this.book, router, renewal);
        const report = this.reports.get(router);
        const known = report === undefined ? {} : { report };
        return answer({ kind: "silence", from: self, router, renewal, ...known });
      }
      case "silence": {
        const { router, renewal, report } = message;
        const heard = this.silences.get(router) ?? new Map<RouterId, number>();
        this.silences.set(router, heard.set(from, Math.max(renewal, heard.get(from) ?? 0)));
        if (report !== undefined) {
          this.record(router, report, this.reports.get(router)?.epoch ?? -1, nowMs);
        }
        return [];
      }
    }
  }

  /** A Lease was read, by our wish or by a watch. */
  onLease(pod: string, read: ReadLease | "absent", nowMs: number): void {
    if (pod === this.settings.pod) {
      if (this.own.onRead(read)) this.onTermLost();
      return;
    }
    if (read === "absent") return;
    const known = this.leases.get(pod);
    const isSame = known?.resourceVersion === read.resourceVersion;
    this.leases.set(pod, { ...read, seenMs: isSame ? known.seenMs : nowMs, readMs: nowMs });
    const { lease } = read;
    const holder = leaseHolder(lease);
    for (const { id } of this.assignment.routers) {
      if (podOf(id) !== pod || id === holder || this.fenced.has(id)) continue;
      const term = termOf(id);
      const end = [lease, lease.former].find((each) => each?.term === term);
      if (lease.term >= term) this.fenced.add(id, this.reports.get(id), end, nowMs);
    }
  }

  onWritten(pod: string, lease: RouterLease, end: WriteEnd, nowMs: number): void {
    if (pod === this.settings.pod) {
      const before = this.id;
      this.own.onWritten(end);
      if (this.id !== before) this.pingSoon();
      return;
    }
    this.fencing.delete(pod);
    if (typeof end === "object") this.onLease(pod, { lease, ...end }, nowMs);
  }

  /** The pod is deleted, or all of its containers have ended, by the word of its kubelet. */
  onPodGone(pod: string, uid: string, nowMs: number): void {
    const holder = `${pod}/${uid}`;
    if (!this.goneMs.has(holder)) this.goneMs.set(holder, nowMs);
  }

  /** What is due. @param inFlight our requests at each replica, as HAProxy has them now */
  tick(inFlight: Places, nowMs: number): readonly Effect[] {
    const effects = this.followOwnLease(nowMs);
    const { id: self } = this;
    if (self === undefined) return effects;
    const { pingMs } = this.settings.bounds;
    if (this.isDue("ping", pingMs, nowMs)) {
      this.sequence += 1;
      const message = this.ping(self, inFlight, nowMs);
      for (const to of this.peers()) effects.push({ kind: "send", to, message });
    }
    for (const id of this.peers()) {
      const sinceMs = this.presumedMs.get(id);
      this.presumedMs.delete(id);
      effects.push(...this.followPeer(self, id, nowMs));
      const isPresumed = this.presumedMs.has(id);
      if (sinceMs === undefined) this.presumptions += Number(isPresumed);
      else if (isPresumed) this.presumedMs.set(id, sinceMs);
      else this.keepOurs();
    }
    return effects;
  }

  private ping(from: RouterId, inFlight: Places, nowMs: number): Ping {
    const { assignment, sequence, own } = this;
    return {
      ...{ kind: "ping", from, sequence, renewal: own.renewal, inFlight, sentAtMs: nowMs },
      ...{ assignment, withheld: this.fenced.toTell(nowMs) },
    };
  }

  private followOwnLease(nowMs: number): Effect[] {
    const { own, settings, assignment } = this;
    const { bounds, pod } = settings;
    const isActive = (id: RouterId): boolean =>
      assignment.routers.some((router) => router.id === id && !router.isLeaving);
    const peers = this.peers().filter(isActive);
    const isLow = this.promisedUntilMs() < nowMs + bounds.lowMs;
    if (!isLow && !own.mustRead && !own.differsFrom(peers)) return [];
    if (own.isPending || !this.isDue("own", bounds.retryMs, nowMs)) return [];
    if (own.mustRead) return [{ kind: "read", pod }];
    const { guard, ...lease } = own.write(peers, nowMs);
    return [{ kind: "write", pod, lease, ...(guard === undefined ? {} : { guard }) }];
  }

  /** Reads the Lease of a silent peer, asks the others, and fences it. */
  private followPeer(self: RouterId, router: RouterId, nowMs: number): Effect[] {
    const { bounds, whenApiIsAway } = this.settings;
    const pod = podOf(router);
    const isSilent = this.rules.isSilent(this.book, router, nowMs, bounds);
    const isGone = this.goneMs.has(holderOf(router));
    if (!isSilent && !isGone) return [];
    const effects: Effect[] = this.isDue(`read ${pod}`, bounds.retryMs, nowMs)
      ? [{ kind: "read", pod }]
      : [];
    const seen = this.leases.get(pod);
    if (seen === undefined || leaseHolder(seen.lease) !== router) return effects;
    const { lease, seenMs, readMs } = seen;
    const heard = [...(this.silences.get(router) ?? [])]
      .filter(([, renewal]) => this.rules.isOfRenewal(renewal, lease.renewal))
      .map(([id]) => id);
    const goneMs = new Map(
      lease.members.map((id) => [id, this.goneMs.get(holderOf(id)) ?? Infinity] as const),
    );
    const takeOver = this.rules.decideTakeOver(
      {
        ...{ router, isSilent, isGone, goneMs, confirmed: isSilent ? [...heard, self] : heard },
        lease: { renewal: lease.renewal, members: lease.members, seenMs, readMs },
      },
      nowMs,
      bounds,
    );
    const isAway = nowMs - readMs >= bounds.apiMs;
    // A refusal lasts until the router has written its Lease: without the API server, for long.
    if (takeOver.decision === "wait" || (isAway && whenApiIsAway === "refuse")) return effects;
    if (isSilent) refuse(this.book, router, lease.renewal);
    if (takeOver.decision === "ask" && this.isDue(`ask ${router}`, bounds.retryMs, nowMs)) {
      const message = { kind: "ask", from: self, router, renewal: lease.renewal } as const;
      const members = this.peers().filter((id) =>
        takeOver.members.some((each) => succeeds(id, each)),
      );
      effects.push(...members.map((to): Effect => ({ kind: "send", to, message })));
    }
    if (takeOver.decision === "presume") {
      this.presumedMs.set(router, nowMs);
      // Where two are the only members, one alone has no majority.
      this.promisedMs.set(router, nowMs);
    }
    if (takeOver.decision === "fence" && !this.fencing.has(pod)) {
      this.fencing.add(pod);
      const lastReport = takeOver.isHeard ? this.reports.get(router)?.sequence : undefined;
      const known = lastReport === undefined ? {} : { lastReport };
      const guard = seen.resourceVersion;
      effects.push({ kind: "write", pod, lease: { ...lease, holder: "", ...known }, guard });
    }
    return effects;
  }

  /** Since when the version is ours; undefined while it isn't. */
  private oursSince(version: string, nowMs: number): number | undefined {
    const { id: self } = this;
    if (self === undefined || this.ownerOf(version) !== self) return undefined;
    const isFree = this.peers().every(
      (id) =>
        this.presumedMs.has(id) ||
        this.rules.hasAcknowledged(this.reports.get(id)?.epoch, this.epoch),
    );
    if (!this.oursMs.has(version) && isFree) this.oursMs.set(version, nowMs);
    return this.oursMs.get(version);
  }

  /** What isn't ours any more is free for others from now on; it is ours again once they have acknowledged that. */
  private keepOurs(): void {
    for (const version of this.oursMs.keys()) {
      if (!this.rules.staysOurs(this.ownerOf(version), this.id ?? "")) this.oursMs.delete(version);
    }
  }

  /** The others that are listed and not fenced. */
  private peers(): readonly RouterId[] {
    return this.assignment.routers
      .map(({ id }) => id)
      .filter((id) => id !== this.id && !this.fenced.has(id));
  }

  private record(id: RouterId, report: Report, epoch: number, nowMs: number): void {
    const known = this.reports.get(id);
    if (known !== undefined && known.sequence >= report.sequence) return;
    const { sequence, renewal, inFlight } = report;
    this.reports.set(id, { sequence, renewal, inFlight, epoch, receivedMs: nowMs });
  }

  private promisedUntilMs(): number {
    const { id: self = "", own, promisedMs, rules, settings } = this;
    const evidence = { self, lists: own.memberLists, promisedMs };
    return own.memberLists.length === 0
      ? -Infinity
      : rules.promisedUntil(evidence, settings.bounds);
  }

  private onTermLost(): void {
    this.oursMs.clear();
    this.promisedMs.clear();
    this.pingSoon();
  }

  private isDue(what: string, everyMs: number, nowMs: number): boolean {
    if (nowMs < (this.dueMs.get(what) ?? -Infinity)) return false;
    this.dueMs.set(what, nowMs + everyMs);
    return true;
  }
}
