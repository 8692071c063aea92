// Operations of WorkspaceCompute.
import { type AzureSettings } from "../../azure/core/azure-access";
import { sameAzureId } from "../../azure/core/azure-id";
import { compareCompute, withLiveValues } from "./core/compare-compute";
import {
  computeIdOf,
  type ComputeSettings,
  IDENTIFYING,
  type LiveCompute,
  type WorkspaceComputeInputs,
  tlsDigest,
} from "../../validation/compute/compute-settings";
import { digestOf } from "../../values/digest";
import { type Drift, driftSentence, hasDrift } from "../../values/drift";
import { InitFailed } from "../engine/core/init-failed";
import {
  assessAbsent,
  assessCompute,
  assessForeign,
  assessWrite,
  nameCompute,
} from "./core/assess-compute";
import { messageOf } from "../../values/message-of";
import { hasUnknown } from "../../values/unknown";
import { without } from "../../values/without";
import { attachCompute } from "./io/attach-compute";
import { AzureComputes } from "./io/azure-computes";
import { AzureConnection, type AzureConnectionOptions } from "../../azure/io/azure-connection";
import { findAccess } from "../../azure/io/find-access";
import { detachCompute } from "./io/detach-compute";
import { reportElapsed } from "../../runtime/progress";
import { type Clock, systemClock } from "../../runtime/clock";
import { validateWorkspaceCompute } from "./core/validate-workspace-compute";
import { inOneSentence } from "../engine/in-one-sentence";
import { knownState } from "../engine/known-state";
import {
  type CheckResult,
  type CreateResult,
  type DiffResult,
  type ReadResult,
  type ResourceOperations,
  type StackConfiguration,
  type UpdateResult,
} from "../engine/core/resource-operations";

export interface WorkspaceComputeOutputs extends WorkspaceComputeInputs {
  readonly computeId: string;
  readonly provisioningState: string;
  /** False when v1 itself created the cluster. */
  readonly isAttachedCompute: boolean;
  /** Digest of the TLS settings that were written, which Azure doesn't return; empty when none were. */
  readonly tlsDigest: string;
}

/** Substitutes for tests; the defaults are the process's own. */
export interface WorkspaceComputeOptions extends Pick<
  AzureConnectionOptions,
  "client" | "signIn" | "silenceMs"
> {
  readonly variable?: AzureSettings["variable"];
  readonly clock?: Clock;
  /** The current time, at which certificates must be valid. */
  readonly today?: () => Date;
  readonly print?: (line: string) => void;
}

/** Minutes that a read in `diff` or `read` may take; `timeoutMinutes` limits the other operations. */
const READ_MINUTES = 5;

export class WorkspaceComputeOperations implements ResourceOperations<
  WorkspaceComputeInputs,
  WorkspaceComputeOutputs
> {
  #config: AzureSettings["config"] = () => undefined;
  // The CLI displays what a dynamic provider prints.
  readonly #print: (line: string) => void;

  constructor(private readonly options: WorkspaceComputeOptions = {}) {
    this.#print = options.print ?? console.log;
  }

  /** Receives the stack's configuration: azure-native's credentials and cloud apply here, too. */
  configure(config: StackConfiguration): void {
    this.#config = (key) => config.get(key);
  }

  /** Adds defaults and validates; the inputs match their type only when there are no failures. */
  check(olds: object, given: object): Promise<CheckResult<WorkspaceComputeInputs>> {
    const today = this.options.today?.() ?? new Date();
    return Promise.resolve(validateWorkspaceCompute(olds, given, this.#settings(), today));
  }

  /**
   * Compares with the state, then with the live compute. A change that Azure would reject fails the preview. When Azure
   * is unreachable, the resource counts as changed, so that the update retries and fails with the reason.
   */
  diff(
    _id: string,
    olds: WorkspaceComputeOutputs,
    news: WorkspaceComputeInputs,
  ): Promise<DiffResult> {
    return inOneSentence(this.#diff(olds, news));
  }

  create(inputs: WorkspaceComputeInputs): Promise<CreateResult<WorkspaceComputeOutputs>> {
    return inOneSentence(this.#create(inputs));
  }

  update(
    id: string,
    olds: WorkspaceComputeOutputs,
    news: WorkspaceComputeInputs,
  ): Promise<UpdateResult<WorkspaceComputeOutputs>> {
    return inOneSentence(this.#update(id, olds, news));
  }

  /** The live state, with its differences in `drift`; an empty id when the compute no longer exists. */
  read(id: string, props?: WorkspaceComputeOutputs): Promise<ReadResult<WorkspaceComputeOutputs>> {
    return inOneSentence(this.#read(id, props));
  }

  /** Detaches; the cluster stays. */
  delete(_id: string, props: WorkspaceComputeOutputs): Promise<void> {
    const computes = this.#open(props, props.timeoutMinutes);
    return inOneSentence(detachCompute(computes, this.#report(props)));
  }

  async #diff(olds: WorkspaceComputeOutputs, news: WorkspaceComputeInputs): Promise<DiffResult> {
    if (hasUnknown(news)) return { changes: true };
    const replaces = IDENTIFYING.filter((property) => isOther(olds[property], news[property]));
    if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: true };
    let live: LiveCompute | undefined;
    try {
      live = await this.#open(news, READ_MINUTES).get();
    } catch (error) {
      this.#print(`${nameCompute(news)} can't be compared with Azure: ${messageOf(error)}`);
      return { changes: true };
    }
    const refusal = live === undefined ? assessAbsent(news) : assessCompute(live, news);
    if (refusal !== undefined) throw new Error(refusal);
    if (live === undefined) {
      this.#print(`${nameCompute(news)} no longer exists: the update attaches it again`);
    }
    const paths = live === undefined ? [] : compareCompute(live, news, olds);
    const drift = driftOf(news, live === undefined ? [] : compareCompute(live, olds));
    if (hasDrift(drift)) this.#print(`${nameCompute(news)} ${driftSentence(drift)}`);
    const isWritten = paths.length > 0 || tlsDigest(news) !== olds.tlsDigest;
    const rejection = isWritten && live !== undefined ? assessWrite(live, news) : undefined;
    // Not an error here, because a refresh calls `diff`, too.
    if (rejection !== undefined) this.#print(rejection);
    const isChanged = settingsDigest(olds) !== settingsDigest(news) || hasDrift(olds.drift ?? {});
    return { changes: live === undefined || isWritten || isChanged };
  }

  async #create(inputs: WorkspaceComputeInputs): Promise<CreateResult<WorkspaceComputeOutputs>> {
    const computes = this.#open(inputs, inputs.timeoutMinutes);
    const outcome = await attachCompute({ computes, report: this.#report(inputs) });
    const id = computeIdOf(inputs);
    if (outcome.ok && !outcome.begun) this.#print(`${nameCompute(inputs)} already exists: adopted`);
    if (outcome.ok) return { id, outs: outputsOf(inputs, outcome.live) };
    if (!outcome.begun) throw new Error(outcome.message);
    throw new InitFailed(id, { ...outputsOf(inputs, {}), tlsDigest: "" }, outcome.message);
  }

  async #update(
    id: string,
    olds: WorkspaceComputeOutputs,
    news: WorkspaceComputeInputs,
  ): Promise<UpdateResult<WorkspaceComputeOutputs>> {
    const computes = this.#open(news, news.timeoutMinutes);
    const report = this.#report(news);
    const outcome = await attachCompute({ computes, former: olds, report });
    if (outcome.ok) return { outs: outputsOf(news, outcome.live) };
    if (!outcome.begun) throw new Error(outcome.message);
    // The TLS settings may or may not have been written: the empty digest makes the next run write them again.
    throw new InitFailed(id, { ...olds, tlsDigest: "" }, outcome.message);
  }

  async #read(
    id: string,
    props?: WorkspaceComputeOutputs,
  ): Promise<ReadResult<WorkspaceComputeOutputs>> {
    const known = knownState(id, props);
    const live = await this.#open(known, READ_MINUTES).get();
    if (live === undefined) return { id: "" };
    const foreign = assessForeign(live, known);
    if (foreign !== undefined) {
      this.#print(foreign);
      return { id: "" };
    }
    const paths = compareCompute(live, known);
    const drift = driftOf(known, paths);
    if (hasDrift(drift)) this.#print(`${nameCompute(known)} ${driftSentence(drift)}`);
    const recorded = { ...withLiveValues(known, live, paths), drift };
    const state = { ...recorded, ...factsOf(live) };
    const inputs = without(
      state,
      "computeId",
      "provisioningState",
      "isAttachedCompute",
      "tlsDigest",
    );
    return { id, props: state, inputs };
  }

  #open(wanted: ComputeSettings, minutes: number): AzureComputes {
    const { clock = systemClock, client, signIn, silenceMs } = this.options;
    const access = findAccess(this.#settings(), wanted.cloud);
    const connection = new AzureConnection({
      access,
      clock,
      print: this.#print,
      giveUpAtMs: clock.now() + minutes * 60_000,
      secrets: [wanted.ssl?.privateKeyPem, wanted.ssl?.certificatePem, access.client?.clientSecret]
        .flat()
        .filter((secret) => secret !== undefined),
      ...(client === undefined ? {} : { client }),
      ...(signIn === undefined ? {} : { signIn }),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
    return new AzureComputes(connection, wanted);
  }

  #settings(): AzureSettings {
    const { variable = (name: string) => process.env[name] } = this.options;
    return { variable, config: (key) => this.#config(key) };
  }

  #report(wanted: ComputeSettings): (message: string) => void {
    return reportElapsed(nameCompute(wanted), this.options.clock ?? systemClock, this.#print);
  }
}

export const operations = new WorkspaceComputeOperations();

/** Compares ids without case, other values as they are. */
function isOther(old: unknown, wanted: unknown): boolean {
  return !sameAzureId(String(old), String(wanted));
}

function driftOf(wanted: ComputeSettings, paths: readonly string[]): Drift {
  return paths.length === 0 ? {} : { [`compute/${wanted.computeName}`]: paths };
}

function outputsOf(inputs: WorkspaceComputeInputs, live: LiveCompute): WorkspaceComputeOutputs {
  return {
    ...inputs,
    computeId: computeIdOf(inputs),
    ...factsOf(live),
    tlsDigest: tlsDigest(inputs),
  };
}

function factsOf({ properties }: LiveCompute) {
  return {
    provisioningState: properties?.provisioningState ?? "Unknown",
    isAttachedCompute: properties?.isAttachedCompute ?? true,
  };
}

/** Digest of the inputs that can change in place, without those that identify the compute and without outputs. */
function settingsDigest(settings: ComputeSettings): string {
  const mutable: Partial<Record<string, unknown>> = { ...settings };
  for (const property of [...IDENTIFYING, "drift", "computeId", "provisioningState"]) {
    delete mutable[property];
  }
  for (const property of ["isAttachedCompute", "tlsDigest", "__provider"]) delete mutable[property];
  return digestOf(mutable);
}
