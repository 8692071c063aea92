// check, diff, create, read, update and delete for any release of Kubernetes objects.
import { isDeepStrictEqual } from "node:util";
import { kubeconfig } from "../../validation/kubernetes/kubeconfig";
import {
  type ArgumentTable,
  validateArguments,
  validateUnchanged,
} from "../../values/argument-table";
import { type Bundle } from "./core/bundle-config-map";
import { DELETED, type Drift } from "../../values/drift";
import { InitFailed } from "../engine/core/init-failed";
import {
  deployedObjects,
  objectDigests,
  type ObjectDigests,
  ownedObjects,
  type Release,
  withMark,
} from "./core/release";
import { type JsonObject } from "../../values/json-object";
import { messageOf } from "../../values/message-of";
import { hasUnknown } from "../../values/unknown";
import { without } from "../../values/without";
import { applyRelease, readFormer, dryRunRelease } from "./io/apply-release";
import { readBundle } from "./io/bundle";
import { findDrift, findMissing } from "../../kubernetes/io/find-drift";
import { identifyCluster, type KnownCluster } from "../../kubernetes/io/identify-cluster";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { reportChanges } from "../../runtime/progress";
import { removeRelease } from "./io/remove-release";
import { checkFailures } from "../engine/core/check-failures";
import { surroundings } from "../engine/surroundings";
import { inOneSentence } from "../engine/in-one-sentence";
import { diffWithCluster } from "../engine/io/diff-with-cluster";
import { inReachableCluster } from "../engine/io/reach-cluster";
import { knownState } from "../engine/known-state";
import {
  type CheckResult,
  type CreateResult,
  type DiffResult,
  type ReadResult,
  type ResourceOperations,
  type UpdateResult,
} from "../engine/core/resource-operations";

/** Inputs of every release, after `check`. */
export interface ReleaseInputs {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly name: string;
  /** The owner's mark on the objects; without one they have none. */
  readonly owner?: string;
  /** Seconds without progress after which a roll-out fails. */
  readonly rolloutTimeoutSeconds: number;
  /** Digest of the code. `check` adds it, so that a preview shows a change. */
  readonly bundle: string;
  /** Drift that a refresh found. `check` writes none, so that a preview shows which drift the update corrects. */
  readonly drift: Drift;
}

/** The state: the inputs, the cluster, and the digests of the deployed objects. */
export type ReleaseOutputs<Inputs> = Inputs & {
  readonly cluster: KnownCluster;
  readonly objects: ObjectDigests;
};

/** Defines one kind of release. */
export interface ReleaseDefinition<Inputs extends ReleaseInputs> {
  /** File name of the code in dist/bundles, without `.cjs`. */
  readonly bundle: string;
  readonly defaults: Partial<Inputs>;
  readonly rules: ArgumentTable;
  readonly release: (inputs: Inputs, bundle: Bundle) => Release;
}

export class ReleaseOperations<Inputs extends ReleaseInputs> implements ResourceOperations<
  Inputs,
  ReleaseOutputs<Inputs>
> {
  constructor(private readonly definition: ReleaseDefinition<Inputs>) {}

  /** Adds defaults and validates; the inputs match their type only when there are no failures. */
  async check(olds: object, news: object): Promise<CheckResult<Inputs>> {
    const { defaults, rules } = this.definition;
    const given = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null));
    const bundle = await readBundle(this.definition.bundle);
    const inputs: JsonObject = { ...defaults, ...given, bundle: bundle.digest, drift: {} };
    const failures = checkFailures([
      ...validateArguments("", inputs, { kubeconfig, ...rules }, surroundings()),
      ...validateUnchanged({ ...olds }, inputs, ["namespace", "name"]),
    ]);
    return { inputs: inputs as unknown as Inputs, failures };
  }

  async diff(_id: string, olds: ReleaseOutputs<Inputs>, news: Inputs): Promise<DiffResult> {
    if (hasUnknown(news)) return { changes: true };
    const release = await this.releaseOf(news);
    const client = KubeClient.fromKubeConfig(news.kubeconfig).forPreview();
    return diffWithCluster(client, {
      subject: `${release.name} in namespace ${release.namespace}`,
      olds,
      kubeconfig: news.kubeconfig,
      isDeployed: isDeepStrictEqual(olds.objects ?? {}, objectDigests(release)),
      findDrift: () => findDrift(client, ownedObjects(release)),
    });
  }

  async create(inputs: Inputs): Promise<CreateResult<ReleaseOutputs<Inputs>>> {
    const id = `${inputs.namespace}/${inputs.name}`;
    const release = await this.releaseOf(inputs);
    const client = KubeClient.fromKubeConfig(inputs.kubeconfig);
    const cluster = await identifyCluster(client);
    await dryRunRelease(client, release);
    const outs = { ...inputs, cluster, objects: objectDigests(release) };
    // From here on the cluster may hold objects of the release: an error must save the state.
    await this.deploy(id, client, release, inputs, { ...outs, objects: {} });
    return { id, outs };
  }

  async update(
    id: string,
    olds: ReleaseOutputs<Inputs>,
    news: Inputs,
  ): Promise<UpdateResult<ReleaseOutputs<Inputs>>> {
    const release = await this.releaseOf(news);
    const client = KubeClient.fromKubeConfig(news.kubeconfig);
    const cluster = await identifyCluster(client);
    await dryRunRelease(client, release);
    const outs = { ...news, cluster, objects: objectDigests(release) };
    const failed = { ...olds, ...ownerOf(news), kubeconfig: news.kubeconfig, cluster };
    await this.deploy(id, client, release, news, failed);
    return { outs };
  }

  /** The live state, with its differences in `drift`; an empty id when all objects are deleted. */
  read(id: string, props?: ReleaseOutputs<Inputs>): Promise<ReadResult<ReleaseOutputs<Inputs>>> {
    const state = knownState(id, props);
    return inOneSentence(
      inReachableCluster<ReadResult<ReleaseOutputs<Inputs>>>({
        kubeconfig: state.kubeconfig,
        work: (client) => this.readLive(client, id, state),
        gone: { id: "" },
      }),
    );
  }

  delete(_id: string, props: ReleaseOutputs<Inputs>): Promise<void> {
    return inOneSentence(
      inReachableCluster({
        kubeconfig: props.kubeconfig,
        work: (client) => removeRelease(client, props, props.rolloutTimeoutSeconds * 1000),
        gone: undefined,
      }),
    );
  }

  private async readLive(
    client: KubeClient,
    id: string,
    props: ReleaseOutputs<Inputs>,
  ): Promise<ReadResult<ReleaseOutputs<Inputs>>> {
    const release = await this.releaseOf(props);
    const recorded = await readFormer(client, release);
    const { known, present } = deployedObjects(release, props.objects, recorded);
    const drift = {
      ...(await findDrift(client, known)),
      ...(await findMissing(client, present)),
    };
    const deleted = Object.values(drift).filter((paths) => paths[0] === DELETED).length;
    if (deleted === known.length + present.length) return { id: "" };
    const state = { ...props, drift };
    return { id, props: state, inputs: without(state, "cluster", "objects") };
  }

  private async releaseOf(inputs: Inputs): Promise<Release> {
    const bundle = await readBundle(this.definition.bundle);
    return withMark(this.definition.release(inputs, bundle), inputs.owner);
  }

  private async deploy(
    id: string,
    client: KubeClient,
    release: Release,
    inputs: Inputs,
    failed: object,
  ): Promise<void> {
    const timeoutMs = inputs.rolloutTimeoutSeconds * 1000;
    const report = reportChanges(`namespace ${release.namespace}`);
    try {
      const outcome = await applyRelease(release, { client, timeoutMs, report });
      if (outcome.ok) return;
      throw new Error(outcome.message);
    } catch (error) {
      throw new InitFailed(id, { ...failed }, messageOf(error));
    }
  }
}

/** The mark that an interrupted update may have set. */
function ownerOf({ owner }: ReleaseInputs): Pick<ReleaseInputs, "owner"> {
  return owner === undefined ? {} : { owner };
}
