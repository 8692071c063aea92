// Reconciles a compute with the desired settings, whatever exists: observe, ensure, sync, return.
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

/** Writes per run: the first, and a second one when the compute failed in between. */
const MAX_WRITES = 2;
/** Milliseconds before a retry when another operation is in progress. */
const BUSY_MS = 15_000;

export interface AttachRequest {
  readonly computes: AzureComputes;
  /** Settings of the last run, and the TLS digest that it wrote; undefined for a create. */
  readonly former?: ComputeSettings & { readonly tlsDigest?: string };
  /** Reports what the run is waiting for. */
  readonly report: (message: string) => void;
}

/** `begun`: Azure has accepted a write, or may have, so the state must record the compute. */
export type AttachOutcome =
  | { readonly ok: true; readonly begun: boolean; readonly live: LiveCompute }
  | { readonly ok: false; readonly begun: boolean; readonly message: string };

/** Creates, adopts, repairs or updates the compute. */
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

/** The live state in Azure makes the desired compute impossible. */
class Refused extends Error {}

class Attaching {
  /** Whether this run has begun to create or update the compute. */
  begun = false;
  #created = false;
  /** Whether the cluster has no other attachment, as far as this run has checked. */
  #isExclusive: boolean;
  #writes = 0;
  readonly #wanted: ComputeSettings;

  constructor(private readonly request: AttachRequest) {
    this.#wanted = request.computes.wanted;
    this.#isExclusive = request.former !== undefined;
  }

  async run(): Promise<LiveCompute> {
    for (;;) {
      const live = await this.#settled();
      if (live === undefined) {
        refuse(assessAbsent(this.#wanted));
        await this.#ensureExclusive();
        this.#created = true;
        // Checked again after the create: another run may attach the same cluster concurrently.
        this.#isExclusive = false;
        await this.#write(undefined);
        continue;
      }
      refuse(assessCompute(live, this.#wanted));
      // Another attachment may have broken this one.
      const mustCheck = !this.#isExclusive || (isBroken(live) && this.#writes === 0);
      if (mustCheck) await this.#ensureExclusive(live);
      this.#isExclusive = true;
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

  /** The compute, once no operation on it is in progress; undefined when it doesn't exist. */
  async #settled(): Promise<LiveCompute | undefined> {
    const { computes, report } = this.request;
    for (;;) {
      const live = await computes.get();
      if (live === undefined || !isUnderWay(live)) return live;
      const state = live.properties?.provisioningState ?? "";
      if (state !== "Deleting") refuse(assessCompute(live, this.#wanted));
      report(`another operation is in progress, ${state}`);
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
   * Refuses a cluster that has another attachment. A compute that this run created concurrently with an older one is
   * detached again; a working compute that is older than the others is kept.
   * @param own the live compute, if it exists
   */
  async #ensureExclusive(own?: LiveCompute): Promise<void> {
    const { computes, report } = this.request;
    const others = await findSettledOthers(computes, report);
    const reason = refuseSecond(this.#wanted, others);
    if (reason === undefined) return;
    if (own === undefined) throw new Refused(reason);
    const id = computeIdOf(this.#wanted);
    const isFirst = !givesWay({ id, createdOn: own.properties?.createdOn }, others);
    if (isFirst && (this.#created || !isBroken(own))) {
      const name = nameCompute(this.#wanted);
      computes.azure.options.print(`${name} is the oldest attachment, but ${reason}`);
      return;
    }
    if (!this.#created) throw new Refused(reason);
    await computes.detach((state) => report(`detaching again, ${state}`));
    this.begun = false;
    throw new Refused(`${reason}; the compute that this run attached is detached again`);
  }
}

/** The other attachments, once none is being detached: a compute that is renamed is detached under its old name first. */
async function findSettledOthers(computes: AzureComputes, report: (message: string) => void) {
  for (;;) {
    const others = await computes.findOthers();
    const detaching = others.find(({ isDetaching }) => isDetaching);
    if (detaching === undefined) return others;
    report(`waiting until ${detaching.id} is detached`);
    const late = `${detaching.id} is still being detached from cluster ${computes.wanted.clusterId} after timeoutMinutes`;
    await computes.azure.wait(POLL_MS, new AzureError(late, "late"));
  }
}

/** If the error says that another operation is in progress, waits until the next try; otherwise throws it. */
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

/** Whether Azure rejected the request, so that no operation has begun. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof AzureError)) return false;
  const isRejected = error.kind === "refused" && error.status < 500 && error.status !== 409;
  return isRejected || error.kind === "signIn";
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new Refused(reason);
}
