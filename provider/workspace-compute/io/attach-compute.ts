// Brings a compute to what is wanted, whatever is there: observe, ensure, sync, return.
import { compareCompute } from "../core/compare-compute";
import { computeBody } from "../core/compute-body";
import {
  computeIdOf,
  type ComputeSettings,
  isBroken,
  isUnderWay,
  type LiveCompute,
  tlsDigest,
} from "../../../validation/compute/compute-settings";
import {
  givesWay,
  assessAbsent,
  assessCompute,
  assessWrite,
  nameCompute,
  refuseSecond,
} from "../core/assess-compute";
import { type AzureComputes } from "./azure-computes";
import { AzureError } from "../../../azure/io/azure-error";
import { POLL_MS } from "../../../azure/io/follow-operation";

/** Writes of one run: the first, and one more when the compute broke meanwhile. */
const MAX_WRITES = 2;
/** Pause where a write is refused because another operation is at work, in milliseconds. */
const BUSY_MS = 15_000;

export interface AttachRequest {
  readonly computes: AzureComputes;
  /** What the last run asked for and what it wrote of TLS; undefined for a create. */
  readonly former?: ComputeSettings & { readonly tlsDigest?: string };
  /** Tells what is waited for. */
  readonly report: (message: string) => void;
}

/** `begun`: Azure has taken something on, or may have, so the state must know of the compute. */
export type AttachOutcome =
  | { readonly ok: true; readonly begun: boolean; readonly live: LiveCompute }
  | { readonly ok: false; readonly begun: boolean; readonly message: string };

/** Makes, takes over, repairs or changes the compute. */
export async function attachCompute(request: AttachRequest): Promise<AttachOutcome> {
  const attaching = new Attaching(request);
  try {
    const live = await attaching.run();
    return { ok: true, begun: attaching.begun, live };
  } catch (error) {
    const isExpected = error instanceof AzureError || error instanceof Refused;
    if (!isExpected) throw error;
    return { ok: false, begun: attaching.begun, message: error.message };
  }
}

/** What Azure has makes it impossible. */
class Refused extends Error {}

class Attaching {
  /** Whether this run began to make or change the compute. */
  begun = false;
  #made = false;
  #isAlone: boolean;
  #writes = 0;
  readonly #wanted: ComputeSettings;

  constructor(private readonly request: AttachRequest) {
    this.#wanted = request.computes.wanted;
    this.#isAlone = request.former !== undefined;
  }

  async run(): Promise<LiveCompute> {
    for (;;) {
      const live = await this.#settled();
      if (live === undefined) {
        refuse(assessAbsent(this.#wanted));
        await this.#expectAlone();
        this.#made = true;
        // Looked for again when it is made: somebody may do the same at this moment.
        this.#isAlone = false;
        await this.#write(undefined);
        continue;
      }
      refuse(assessCompute(live, this.#wanted));
      // Another attachment may be what broke this one.
      if (!this.#isAlone || (isBroken(live) && this.#writes === 0)) await this.#expectAlone(live);
      this.#isAlone = true;
      if (!this.#mustWrite(live) || this.#writes >= MAX_WRITES) return live;
      refuse(assessWrite(live, this.#wanted));
      await this.#write(live);
    }
  }

  #mustWrite(live: LiveCompute): boolean {
    const { former } = this.request;
    const differences = compareCompute(live, this.#wanted, former);
    if (this.#writes > 0) return differences.includes("provisioningState");
    return differences.length > 0 || tlsDigest(this.#wanted) !== (former?.tlsDigest ?? "");
  }

  /** The compute when nobody is at work on it; undefined when there is none. */
  async #settled(): Promise<LiveCompute | undefined> {
    const { computes, report } = this.request;
    for (;;) {
      const live = await computes.get();
      if (live === undefined || !isUnderWay(live)) return live;
      const state = live.properties?.provisioningState ?? "";
      if (state !== "Deleting") refuse(assessCompute(live, this.#wanted));
      report(`another operation is at work, ${state}`);
      const late = `${nameCompute(this.#wanted)} is still ${state} after timeoutMinutes: run again when Azure is done`;
      await computes.azure.wait(POLL_MS, new AzureError(late, "late"));
    }
  }

  async #write(live: LiveCompute | undefined): Promise<void> {
    const { computes, former, report } = this.request;
    const location = live?.location ?? (await computes.location());
    const body = computeBody(this.#wanted, live, location, former);
    const work = live === undefined ? "attaching" : "changing";
    report(`${work} cluster ${this.#wanted.clusterId}`);
    try {
      await computes.put(body, (state) => report(`${work}, ${state}`));
      this.begun = true;
      this.#writes += 1;
    } catch (error) {
      this.begun ||= !isRefusal(error);
      await waitWhileBusy(computes, error, report);
    }
  }

  /**
   * Refuses a cluster that is attached elsewhere, and detaches again what this run made at the same time as somebody
   * else the other. What was there before the other, and works, is no second attachment.
   * @param own the compute when it is there
   */
  async #expectAlone(own?: LiveCompute): Promise<void> {
    const { computes, report } = this.request;
    const others = await findOthersWhoStay(computes, report);
    const reason = refuseSecond(this.#wanted, others);
    if (reason === undefined) return;
    if (own === undefined) throw new Refused(reason);
    const id = computeIdOf(this.#wanted);
    const isFirst = !givesWay({ id, createdOn: own.properties?.createdOn }, others);
    if (isFirst && (this.#made || !isBroken(own))) {
      computes.azure.options.print(`${nameCompute(this.#wanted)} is the first, but ${reason}`);
      return;
    }
    if (!this.#made) throw new Refused(reason);
    await computes.detach((state) => report(`detaching again, ${state}`));
    this.begun = false;
    throw new Refused(`${reason}; what this run attached at the same time is detached again`);
  }
}

/** Waits out what is being detached: a compute that moves to another name was there a moment ago. */
async function findOthersWhoStay(computes: AzureComputes, report: (message: string) => void) {
  for (;;) {
    const others = await computes.findOthers();
    const leaving = others.find(({ isLeaving }) => isLeaving);
    if (leaving === undefined) return others;
    report(`waiting until ${leaving.id} is detached`);
    const late = `${leaving.id} is still being detached from cluster ${computes.wanted.clusterId} after timeoutMinutes`;
    await computes.azure.wait(POLL_MS, new AzureError(late, "late"));
  }
}

/** Returns when the error said that another operation is at work and it is time to look again; else throws it. */
export async function waitWhileBusy(
  { azure }: AzureComputes,
  error: unknown,
  report: (message: string) => void,
): Promise<void> {
  const isBusy =
    error instanceof AzureError &&
    error.status === 409 &&
    !/InvalidResourceLocation/.test(error.message);
  if (!isBusy) throw error;
  report("waiting for another operation to end");
  await azure.wait(error.retryAfterMs ?? BUSY_MS, error);
}

/** Whether nothing has begun: Azure has said no. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof AzureError)) return false;
  const isNo = error.kind === "refused" && error.status < 500 && error.status !== 409;
  return isNo || error.kind === "signIn";
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new Refused(reason);
}
