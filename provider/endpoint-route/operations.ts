// Operations of EndpointRoute.
import {
  type ModelEndpointSpec,
  type VersionState,
} from "../../contracts/model-endpoint/model-endpoint";
import { labelName } from "../../kubernetes/core/argument-rules";
import { kubeconfig } from "../../validation/kubernetes/kubeconfig";
import { ENDPOINT_ARGUMENTS } from "../../validation/endpoint/endpoint-arguments";
import { validateArguments, validateUnchanged } from "../../values/argument-table";
import { digestOf } from "../../values/digest";
import { DELETED, type Drift } from "../../values/drift";
import { type EndpointObject, endpointObject } from "./core/endpoint-object";
import { InitFailed } from "../engine/core/init-failed";
import { objectKey, locatorOf } from "../../kubernetes/core/kube-object";
import { type JsonObject } from "../../values/json-object";
import { hasUnknown } from "../../values/unknown";
import { without } from "../../values/without";
import { applyEndpoint, removeEndpoint } from "./io/apply-endpoint";
import { findDrift } from "../../kubernetes/io/find-drift";
import { identifyCluster, type KnownCluster } from "../../kubernetes/io/identify-cluster";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { reportChanges } from "../../runtime/progress";
import { checkFailures } from "../engine/core/check-failures";
import { surroundings } from "../engine/surroundings";
import { inOneSentence } from "../engine/in-one-sentence";
import { diffWithCluster } from "../engine/io/diff-with-cluster";
import { knownState } from "../engine/known-state";
import {
  type CheckResult,
  type CreateResult,
  type DiffResult,
  type ReadResult,
  type ResourceOperations,
  type UpdateResult,
} from "../engine/core/resource-operations";

export interface EndpointRouteInputs {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly endpointName: string;
  /** The owner's mark on the object. */
  readonly owner?: string;
  readonly spec: ModelEndpointSpec;
  /** Digest of each version's pod template: a change makes the update wait for the new replicas. */
  readonly revisions: Readonly<Record<string, string>>;
  readonly rolloutTimeoutSeconds: number;
  /** Drift that a refresh found; `check` writes none. */
  readonly drift: Drift;
}

export interface EndpointRouteOutputs extends EndpointRouteInputs {
  readonly cluster: KnownCluster;
  /** State of each version, in v1's terms. */
  readonly versionStates: Readonly<Record<string, VersionState>>;
  /** Digest of the applied object and revisions. */
  readonly applied: string;
}

const ARGUMENTS = {
  kubeconfig,
  namespace: labelName({ required: true }),
  endpointName: labelName({ required: true }),
  rolloutTimeoutSeconds: { ...ENDPOINT_ARGUMENTS.rolloutTimeoutSeconds, required: true },
};

class EndpointRouteOperations implements ResourceOperations<
  EndpointRouteInputs,
  EndpointRouteOutputs
> {
  /** Adds defaults and validates; the inputs match their type only when there are no failures. */
  check(olds: object, given: object): Promise<CheckResult<EndpointRouteInputs>> {
    const news: JsonObject = {
      rolloutTimeoutSeconds: ARGUMENTS.rolloutTimeoutSeconds.default,
      revisions: {},
      ...given,
    };
    const inputs = { ...news, drift: {} };
    const failures = checkFailures([
      ...validateArguments("", inputs, ARGUMENTS, surroundings()),
      ...validateUnchanged({ ...olds }, inputs, ["namespace", "endpointName"]),
    ]);
    return Promise.resolve({ inputs: inputs as unknown as EndpointRouteInputs, failures });
  }

  async diff(
    _id: string,
    olds: EndpointRouteOutputs,
    news: EndpointRouteInputs,
  ): Promise<DiffResult> {
    if (hasUnknown(news)) return { changes: true };
    const client = KubeClient.fromKubeConfig(news.kubeconfig);
    return diffWithCluster(client, {
      subject: `endpoint ${news.endpointName} in namespace ${news.namespace}`,
      olds,
      kubeconfig: news.kubeconfig,
      isDeployed: olds.applied === appliedDigest(news),
      findDrift: () => findDrift(client, [objectOf(news)]),
    });
  }

  async create(inputs: EndpointRouteInputs): Promise<CreateResult<EndpointRouteOutputs>> {
    const id = `${inputs.namespace}/${inputs.endpointName}`;
    return { id, outs: await this.apply(id, inputs) };
  }

  async update(
    id: string,
    olds: EndpointRouteOutputs,
    news: EndpointRouteInputs,
  ): Promise<UpdateResult<EndpointRouteOutputs>> {
    return { outs: await this.apply(id, news, olds) };
  }

  read(id: string, props?: EndpointRouteOutputs): Promise<ReadResult<EndpointRouteOutputs>> {
    return inOneSentence(this.readLive(id, knownState(id, props)));
  }

  delete(_id: string, props: EndpointRouteOutputs): Promise<void> {
    return inOneSentence(this.remove(props));
  }

  private async readLive(
    id: string,
    props: EndpointRouteOutputs,
  ): Promise<ReadResult<EndpointRouteOutputs>> {
    const client = KubeClient.fromKubeConfig(props.kubeconfig);
    const object = objectOf(props);
    const drift = await findDrift(client, [object]);
    if (drift[objectKey(object)]?.[0] === DELETED) return { id: "" };
    const live = await client.read<EndpointObject>(locatorOf(object), object.metadata.name);
    const versionStates = { ...props.versionStates, ...statesOf(live) };
    const state = { ...props, versionStates, drift };
    return { id, props: state, inputs: without(state, "cluster", "versionStates", "applied") };
  }

  private async remove({ kubeconfig, namespace, endpointName, owner }: EndpointRouteOutputs) {
    const client = KubeClient.fromKubeConfig(kubeconfig);
    const report = reportChanges(`endpoint ${endpointName}`);
    await removeEndpoint({ client, namespace, name: endpointName, owner, report });
  }

  private async apply(
    id: string,
    inputs: EndpointRouteInputs,
    olds?: EndpointRouteOutputs,
  ): Promise<EndpointRouteOutputs> {
    const client = KubeClient.fromKubeConfig(inputs.kubeconfig);
    const cluster = await identifyCluster(client);
    const outcome = await applyEndpoint({
      client,
      namespace: inputs.namespace,
      name: inputs.endpointName,
      owner: inputs.owner,
      spec: inputs.spec,
      rolloutTimeoutMs: inputs.rolloutTimeoutSeconds * 1000,
      report: reportChanges(`endpoint ${inputs.endpointName}`),
    });
    // The replicas have just been verified; the object's status may lag behind.
    const states = inputs.spec.versions.map(({ name }) => [name, "Healthy"] as const);
    const versionStates = Object.fromEntries(states);
    const outs = { ...inputs, cluster, versionStates, applied: appliedDigest(inputs) };
    if (outcome.ok) return outs;
    const { owner = olds?.owner } = inputs;
    const marked = owner === undefined ? {} : { owner };
    const failed = { ...(olds ?? outs), ...marked, kubeconfig: inputs.kubeconfig, cluster };
    if (outcome.applied) throw new InitFailed(id, { ...failed, applied: "" }, outcome.message);
    if (olds === undefined) throw new Error(outcome.message);
    throw new InitFailed(id, failed, outcome.message);
  }
}

export const operations = new EndpointRouteOperations();

function objectOf({ endpointName, namespace, spec, owner }: EndpointRouteInputs): EndpointObject {
  return endpointObject(endpointName, namespace, spec, owner);
}

function appliedDigest(inputs: EndpointRouteInputs): string {
  return digestOf([objectOf(inputs), inputs.revisions]);
}

function statesOf(live: EndpointObject | undefined): Record<string, VersionState> {
  return Object.fromEntries((live?.status?.versions ?? []).map(({ name, state }) => [name, state]));
}
