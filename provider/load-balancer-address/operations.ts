// Operations of LoadBalancerAddress.
import { isDeepStrictEqual } from "node:util";
import { labelName } from "../../kubernetes/core/argument-rules";
import { identifyCluster, type KnownCluster } from "../../kubernetes/io/identify-cluster";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { reportChanges } from "../../runtime/progress";
import { kubeconfig } from "../../validation/kubernetes/kubeconfig";
import { integer } from "../../values/argument-rules";
import { type Drift } from "../../values/drift";
import { texts } from "../../values/object-rules";
import { hasUnknown } from "../../values/unknown";
import { without } from "../../values/without";
import { checkInputs } from "../engine/check-inputs";
import {
  type CheckResult,
  type CreateResult,
  type DiffResult,
  type ReadResult,
  type ResourceOperations,
  type UpdateResult,
} from "../engine/core/resource-operations";
import { inOneSentence } from "../engine/in-one-sentence";
import { diffWithCluster } from "../engine/io/diff-with-cluster";
import { inReachableCluster } from "../engine/io/reach-cluster";
import { knownState } from "../engine/known-state";
import { addressOf, defectOf } from "./core/load-balancer-service";
import { readService, waitForAddress } from "./io/wait-for-address";

export interface LoadBalancerAddressInputs {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly serviceName: string;
  /** By which the program tells the cloud what the load balancer is to be. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface LoadBalancerAddressOutputs extends LoadBalancerAddressInputs {
  readonly cluster: KnownCluster;
  /** Absent when a refresh found none. */
  readonly address?: string;
}

type Inputs = LoadBalancerAddressInputs;
type Outputs = LoadBalancerAddressOutputs;

const ARGUMENTS = {
  kubeconfig,
  namespace: labelName({ required: true }),
  serviceName: labelName({ required: true }),
  annotations: texts({ pattern: /./ }),
  timeoutSeconds: integer({ required: true, minimum: 1, maximum: 3600, default: 600 }),
};

class LoadBalancerAddressOperations implements ResourceOperations<Inputs, Outputs> {
  check(_olds: object, given: object): Promise<CheckResult<Inputs>> {
    return checkInputs(
      given,
      { annotations: {}, timeoutSeconds: ARGUMENTS.timeoutSeconds.default },
      ARGUMENTS,
    );
  }

  /** A change, and so unknown in a preview, when the live address isn't the one in the state. */
  async diff(_id: string, olds: Outputs, news: Inputs): Promise<DiffResult> {
    if (hasUnknown(news)) return { changes: true };
    const client = KubeClient.fromKubeConfig(news.kubeconfig).forPreview();
    return diffWithCluster(client, {
      subject: `the load balancer of namespace ${news.namespace}`,
      olds,
      kubeconfig: news.kubeconfig,
      isDeployed: isDeepStrictEqual(requestOf(olds), requestOf(news)),
      findDrift: () => findDrift(client, olds, news),
    });
  }

  async create(inputs: Inputs): Promise<CreateResult<Outputs>> {
    const outs = await inOneSentence(this.settle(inputs));
    return { id: `${inputs.namespace}/${inputs.serviceName}`, outs };
  }

  async update(_id: string, olds: Outputs, news: Inputs): Promise<UpdateResult<Outputs>> {
    return { outs: await inOneSentence(this.settle(news, olds)) };
  }

  /** The live address. A Service without one is drift, and no error. */
  read(id: string, props?: Outputs): Promise<ReadResult<Outputs>> {
    const state = knownState(id, props);
    return inOneSentence(
      inReachableCluster<ReadResult<Outputs>>({
        kubeconfig: state.kubeconfig,
        work: (client) => this.readLive(client, id, state),
        gone: { id: "" },
      }),
    );
  }

  private async readLive(
    client: KubeClient,
    id: string,
    props: Outputs,
  ): Promise<ReadResult<Outputs>> {
    const service = await readService(client, props.namespace, props.serviceName);
    const address =
      service === undefined || defectOf(service) !== undefined ? undefined : addressOf(service);
    const state = {
      ...without(props, "address"),
      ...(address === undefined ? {} : { address }),
    };
    return { id, props: state, inputs: without(state, "cluster", "address") };
  }

  private async settle(inputs: Inputs, olds?: Outputs): Promise<Outputs> {
    const { namespace, serviceName, timeoutSeconds } = inputs;
    const client = KubeClient.fromKubeConfig(inputs.kubeconfig);
    const cluster = await identifyCluster(client);
    const outcome = await waitForAddress({
      client,
      namespace,
      serviceName,
      mayBeFormer: olds === undefined || !isDeepStrictEqual(requestOf(olds), requestOf(inputs)),
      timeoutMs: timeoutSeconds * 1000,
      report: reportChanges(`load balancer of Service/${serviceName}`),
    });
    // The state stays as it was, so the next update waits again.
    if (!outcome.ok) throw new Error(outcome.message);
    return { ...inputs, cluster, address: outcome.address };
  }
}

export const operations = new LoadBalancerAddressOperations();

/** What the address depends on. */
function requestOf({ namespace, serviceName, annotations }: Inputs): object {
  return { namespace, serviceName, annotations };
}

async function findDrift(client: KubeClient, olds: Outputs, news: Inputs): Promise<Drift> {
  const { namespace, serviceName } = news;
  const service = await readService(client, namespace, serviceName);
  const defect = defectOf(service);
  const address = service === undefined ? undefined : addressOf(service);
  if (defect === undefined && address !== undefined && address === olds.address) return {};
  const former = olds.address === undefined ? "" : ` instead of ${olds.address}`;
  const change = address === undefined ? "it has no address" : `its address is ${address}${former}`;
  return { [`Service/${serviceName}`]: [defect === undefined ? change : `it ${defect}`] };
}
