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
import { applyEndpoint, healthy, removeEndpoint } from "./io/apply-endpoint";
import { findPending } from "./io/find-pending";
import { findUnserved } from "./io/find-unserved";
import { findDrift } from "../../kubernetes/io/find-drift";
import { identifyCluster, type KnownCluster } from "../../kubernetes/io/identify-cluster";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { reportChanges } from "../../runtime/progress";
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

export interface EndpointRouteInputs {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly endpointName: string;
  /** The owner's mark on the object. */
  readonly owner?: string;
  readonly spec: ModelEndpointSpec;
  /**
   * Digest of each version's pod template: a change makes the update wait for the new replicas. In the state: of the
   * template that was last verified, to which a failed roll-out goes back.
   */
  readonly revisions: Readonly<Record<string, string>>;
  /** Seconds without progress after which a version's roll-out fails. */
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
    const client = KubeClient.fromKubeConfig(news.kubeconfig).forPreview();
    const subject = `endpoint ${news.endpointName} in namespace ${news.namespace}`;
    // Only asked for, and said, when nothing else has changed.
    let pending: readonly string[] = [];
    const compared = await diffWithCluster(client, {
      subject,
      olds,
      kubeconfig: news.kubeconfig,
      isDeployed: olds.applied === appliedDigest(news),
      findDrift: async () => {
        const { namespace, revisions } = news;
        const { versions } = news.spec;
        const object = objectOf(news);
        const [drift, rolling, unserved] = await Promise.all([
          findDrift(client, [object]),
          findPending(client, { namespace, versions, revisions }),
          findUnserved(client, locatorOf(object), object.metadata.name),
        ]);
        pending = unserved === undefined ? rolling : [...rolling, unserved];
        return drift;
      },
    });
    for (const sentence of pending) console.log(`${subject}: ${sentence}`);
    return pending.length === 0 ? compared : { ...compared, changes: true };
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
    const state = knownState(id, props);
    return inOneSentence(
      inReachableCluster<ReadResult<EndpointRouteOutputs>>({
        kubeconfig: state.kubeconfig,
        work: (client) => this.readLive(client, id, state),
        gone: { id: "" },
      }),
    );
  }

  delete(_id: string, props: EndpointRouteOutputs): Promise<void> {
    const { kubeconfig, namespace, endpointName: name, owner } = props;
    // A state of an interrupted run may lack the spec.
    const routerNamespace = (props.spec as ModelEndpointSpec | undefined)?.routerNamespace;
    const report = reportChanges(`endpoint ${name}`);
    return inOneSentence(
      inReachableCluster({
        kubeconfig,
        work: (client) =>
          removeEndpoint({ client, namespace, name, owner, routerNamespace, report }),
        gone: undefined,
      }),
    );
  }

  private async readLive(
    client: KubeClient,
    id: string,
    props: EndpointRouteOutputs,
  ): Promise<ReadResult<EndpointRouteOutputs>> {
    const object = objectOf(props);
    const found = await findDrift(client, [object]);
    if (found[objectKey(object)]?.[0] === DELETED) return { id: "" };
    const unserved = await findUnserved(client, locatorOf(object), object.metadata.name);
    const differing = [...(found[objectKey(object)] ?? []), ...(unserved ? [unserved] : [])];
    const drift = differing.length === 0 ? found : { ...found, [objectKey(object)]: differing };
    const live = await client.read<EndpointObject>(locatorOf(object), object.metadata.name);
    const versionStates = { ...props.versionStates, ...statesOf(live) };
    const state = { ...props, versionStates, drift };
    return { id, props: state, inputs: without(state, "cluster", "versionStates", "applied") };
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
      revisions: inputs.revisions,
      verified: olds?.revisions ?? {},
      rolloutTimeoutMs: inputs.rolloutTimeoutSeconds * 1000,
      report: reportChanges(`endpoint ${inputs.endpointName}`),
    });
    const versionStates = healthy(inputs.spec);
    const outs = { ...inputs, cluster, versionStates, applied: appliedDigest(inputs) };
    if (outcome.ok) return outs;
    if (olds === undefined && !outcome.applied) throw new Error(outcome.message);
    const { owner = olds?.owner } = inputs;
    const failed = {
      ...(olds ?? outs),
      ...(owner === undefined ? {} : { owner }),
      kubeconfig: inputs.kubeconfig,
      cluster,
      versionStates: outcome.versionStates,
      revisions: outcome.verified,
      ...(outcome.applied ? { applied: "" } : {}),
    };
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
