// Operations of DeclaredObjects.
import { markOf, markOn, parseMark } from "../../contracts/owner-mark";
import { type ListedMeta, objectKey } from "../../kubernetes/core/kube-object";
import { correctObject } from "../../kubernetes/io/correct-object";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { isReason } from "../../kubernetes/io/kube-error";
import { digestOf } from "../../values/digest";
import { type Drift, driftSentence, hasDrift } from "../../values/drift";
import { messageOf } from "../../values/message-of";
import { hasUnknown, UNKNOWN } from "../../values/unknown";
import { without } from "../../values/without";
import {
  type CheckResult,
  type CreateResult,
  type ResourceOperations,
  type UpdateResult,
} from "../engine/core/resource-operations";
import { inOneSentence } from "../engine/in-one-sentence";
import { refusals } from "./core/assess-ownership";
import {
  CORRECTION_MANAGER,
  type DeclaredObject,
  plainObject,
  recordedDigest,
  type RecordedObjects,
} from "./core/declaration";
import { findMissingGpus } from "./io/find-missing-gpus";
import {
  type DeclaredState,
  findDeclaredDrift,
  type KnownReference,
  readLive,
} from "./io/live-objects";

/** As the program gives them; whatever a preview doesn't know yet is `UNKNOWN`. */
export interface GivenObjects {
  readonly kubeconfig: string;
  readonly owner: string;
  readonly handOverTo?: string;
  readonly owned: readonly KnownReference[] | string;
  readonly objects: readonly DeclaredObject[] | string;
}

/** After `check`, and in the state. */
export interface DeclaredObjectsInputs {
  readonly owner: string;
  readonly handOverTo?: string;
  /** Names of the owner before it was renamed that live objects may still have. */
  readonly formerOwners: readonly string[];
  readonly objects: RecordedObjects | string;
  /** Absent where a preview must not dry-run the objects. */
  readonly mark?: string;
  /** What the update corrects. */
  readonly drift?: Drift;
  /** Identifies the last drift that was found: each correction has another. Empty: none. */
  readonly driftId: string;
  /** Only while there is something to correct. */
  readonly kubeconfig?: string;
  /** Why nobody knows whom the objects belong to. */
  readonly unread?: string;
}

export interface DeclaredObjectsOutputs {
  readonly mark: string;
  /** The last drift that was corrected. Empty: none. */
  readonly driftId: string;
}

/** For an object that is being deleted, and for a definition until it is served. */
const TIMEOUT_MS = 120_000;

/** Kinds that the other objects need, in the order in which they are created. */
const FIRST = ["Namespace", "CustomResourceDefinition", "ServiceAccount"];

class DeclaredObjectsOperations implements ResourceOperations<
  DeclaredObjectsInputs,
  DeclaredObjectsOutputs
> {
  async check(
    olds: Partial<DeclaredObjectsInputs>,
    news: GivenObjects,
  ): Promise<CheckResult<DeclaredObjectsInputs>> {
    const { kubeconfig, owner, handOverTo } = news;
    const objects = knownOf(news.objects);
    const { driftId = "" } = olds;
    const inputs: DeclaredObjectsInputs = {
      owner,
      ...(handOverTo === undefined ? {} : { handOverTo }),
      formerOwners: formerOwnersOf(olds, owner),
      objects: typeof news.objects === "string" ? UNKNOWN : recordedObjects(objects, {}),
      mark: markOf(owner, handOverTo),
      driftId,
    };
    if (kubeconfig === UNKNOWN) return { inputs, failures: [] };
    // A preview's check must not wait long for a cluster that is down, and an update has the same one.
    const client = KubeClient.fromKubeConfig(kubeconfig).forPreview();
    const owned = knownOf(news.owned);
    const live = await readLive(client, [...owned, ...objects.map(referenceOf)]);
    if (!live.ok) {
      console.log(`${componentOf(owner)} can't be compared with the cluster: ${live.message}`);
      return { inputs: { ...inputs, unread: live.message }, failures: [] };
    }
    const found = owned.map(({ name, ...locator }) => {
      const object = live.objects.get(`${locator.kind}/${name}`);
      return { locator, name, mark: object && markOn(object) };
    });
    const failures = refusals(found, inputs).map((reason) => ({ property: "" as const, reason }));
    if (failures.length > 0) return { inputs, failures };
    for (const reason of await findMissingGpus(client, objects)) {
      console.log(`${componentOf(owner)}: ${reason}`);
    }

    const recorded = typeof olds.objects === "object" ? olds.objects : {};
    const drift = await this.findDrift(client, { owner, objects, live: live.objects, recorded });
    const marks = found.map(({ mark }) => mark?.owner);
    const formerOwners = inputs.formerOwners.filter((former) => marks.includes(former));
    if (!hasDrift(drift.paths)) return { inputs: { ...inputs, formerOwners }, failures: [] };
    const corrected = {
      ...(drift.blocksDryRun ? without(inputs, "mark") : inputs),
      formerOwners,
      objects: recordedObjects(objects, drift.paths),
      drift: drift.paths,
      driftId: digestOf([drift.paths, driftId]),
      kubeconfig,
    };
    return { inputs: corrected, failures: [] };
  }

  /** Anything else that changes, @pulumi/kubernetes applies. */
  diff(_id: string, olds: DeclaredObjectsOutputs, news: DeclaredObjectsInputs) {
    const mark = markOf(news.owner, news.handOverTo);
    return Promise.resolve({ changes: mark !== olds.mark || news.driftId !== olds.driftId });
  }

  async create(inputs: DeclaredObjectsInputs): Promise<CreateResult<DeclaredObjectsOutputs>> {
    const { owner, unread } = inputs;
    if (unread !== undefined) {
      throw new Error(`whom the objects of ${componentOf(owner)} belong to isn't known: ${unread}`);
    }
    return { id: "declared", outs: await inOneSentence(correct(inputs)) };
  }

  async update(
    _id: string,
    _olds: DeclaredObjectsOutputs,
    news: DeclaredObjectsInputs,
  ): Promise<UpdateResult<DeclaredObjectsOutputs>> {
    return { outs: await inOneSentence(correct(news)) };
  }

  /** What the update corrects. The CLI displays what a dynamic provider prints. */
  private async findDrift(client: KubeClient, compared: Compared): Promise<DeclaredDrift> {
    const component = componentOf(compared.owner);
    try {
      const drift = await findDeclaredDrift(client, compared);
      const { correctable, others } = drift;
      if (hasDrift(correctable)) console.log(`${component} ${driftSentence(correctable)}`);
      if (hasDrift(others)) {
        console.log(`${component} ${driftSentence(others)}: pulumi up --refresh corrects it`);
      }
      return { paths: correctable, blocksDryRun: drift.blocksDryRun };
    } catch (error) {
      console.log(`${component} can't be compared with the cluster: ${messageOf(error)}`);
      return { paths: {}, blocksDryRun: false };
    }
  }
}

export const operations = new DeclaredObjectsOperations();

interface Compared extends DeclaredState {
  readonly owner: string;
}

interface DeclaredDrift {
  readonly paths: Drift;
  readonly blocksDryRun: boolean;
}

async function correct(inputs: DeclaredObjectsInputs): Promise<DeclaredObjectsOutputs> {
  const { owner, handOverTo, kubeconfig, driftId } = inputs;
  const outs = { mark: markOf(owner, handOverTo), driftId };
  if (kubeconfig === undefined || typeof inputs.objects === "string") return outs;
  const client = KubeClient.fromKubeConfig(kubeconfig);
  const objects = Object.values(inputs.objects).filter((object) => typeof object !== "string");
  for (const object of [...objects].sort((one, other) => orderOf(one) - orderOf(other))) {
    try {
      await correctObject(plainObject(object), {
        client,
        manager: CORRECTION_MANAGER,
        timeoutMs: TIMEOUT_MS,
      });
    } catch (error) {
      if (!isReason(error, "Invalid")) throw error;
      // An immutable field: only a replacement corrects it, which @pulumi/kubernetes plans once it has seen the object.
      const remedy = "pulumi up --refresh replaces it";
      console.log(`${componentOf(owner)}: ${messageOf(error)}: ${remedy}`);
    }
  }
  return outs;
}

function orderOf({ kind }: DeclaredObject): number {
  const at = FIRST.indexOf(kind);
  return at < 0 ? FIRST.length : at;
}

function componentOf(owner: string): string {
  return parseMark(owner)?.component ?? owner;
}

function formerOwnersOf(olds: Partial<DeclaredObjectsInputs>, owner: string): string[] {
  const former = new Set([...(olds.formerOwners ?? []), olds.owner ?? owner]);
  former.delete(owner);
  return [...former];
}

/** In a preview, what isn't known yet is left out. */
function knownOf<T>(given: readonly T[] | string): readonly T[] {
  return typeof given === "string" ? [] : given.filter((each) => !hasUnknown(each));
}

function referenceOf({ apiVersion, kind, metadata }: DeclaredObject): KnownReference {
  const { namespace, name } = metadata as ListedMeta;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Digests; the object itself where the update corrects it. */
function recordedObjects(objects: readonly DeclaredObject[], drift: Drift): RecordedObjects {
  return Object.fromEntries(
    objects.map((object) => {
      const key = objectKey(object);
      return [key, drift[key] === undefined ? recordedDigest(object) : object];
    }),
  );
}
