// Operations of EndpointNamespaces.
import { isDeepStrictEqual } from "node:util";
import { labelName } from "../../kubernetes/core/argument-rules";
import { identifyCluster, type KnownCluster } from "../../kubernetes/io/identify-cluster";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { kubeconfig } from "../../validation/kubernetes/kubeconfig";
import { type Drift } from "../../values/drift";
import { list } from "../../values/object-rules";
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
import {
  findMissingRights,
  grantedNamespaces,
  grantNamespaces,
  type NamespaceRights,
  revokeNamespaces,
} from "../engine/io/namespace-rights";
import { inReachableCluster } from "../engine/io/reach-cluster";
import { knownState } from "../engine/known-state";
import { findDeclaredNamespaces } from "./io/find-namespaces";

export interface EndpointNamespacesInputs {
  readonly kubeconfig: string;
  readonly routerNamespace: string;
  readonly allowedNamespaces: readonly string[];
}

export interface EndpointNamespacesOutputs extends EndpointNamespacesInputs {
  readonly cluster: KnownCluster;
  /** What a refresh found missing or changed. */
  readonly drift?: Drift;
}

type Inputs = EndpointNamespacesInputs;
type Outputs = EndpointNamespacesOutputs;

const ARGUMENTS = {
  kubeconfig,
  routerNamespace: labelName({ required: true }),
  allowedNamespaces: list(labelName({})),
};

class EndpointNamespacesOperations implements ResourceOperations<Inputs, Outputs> {
  check(_olds: object, given: object): Promise<CheckResult<Inputs>> {
    return checkInputs(given, { allowedNamespaces: [] }, ARGUMENTS);
  }

  async diff(_id: string, olds: Outputs, news: Inputs): Promise<DiffResult> {
    if (olds.routerNamespace !== news.routerNamespace) {
      return { changes: true, replaces: ["routerNamespace"] };
    }
    if (hasUnknown(news)) return { changes: true };
    const client = KubeClient.fromKubeConfig(news.kubeconfig).forPreview();
    return diffWithCluster(client, {
      subject: `the router of namespace ${news.routerNamespace}`,
      olds,
      kubeconfig: news.kubeconfig,
      isDeployed: isDeepStrictEqual(sorted(olds), sorted(news)),
      findDrift: () => findDrift(client, news),
    });
  }

  async create(inputs: Inputs): Promise<CreateResult<Outputs>> {
    return { id: inputs.routerNamespace, outs: await inOneSentence(grant(inputs)) };
  }

  async update(_id: string, _olds: Outputs, news: Inputs): Promise<UpdateResult<Outputs>> {
    return { outs: await inOneSentence(grant(news)) };
  }

  read(id: string, props?: Outputs): Promise<ReadResult<Outputs>> {
    const state = knownState(id, props);
    return inOneSentence(
      inReachableCluster<ReadResult<Outputs>>({
        kubeconfig: state.kubeconfig,
        work: async (client) => {
          const drift = await findDrift(client, state);
          return { id, props: { ...state, drift }, inputs: without(state, "cluster", "drift") };
        },
        gone: { id: "" },
      }),
    );
  }

  delete(_id: string, { kubeconfig: text, routerNamespace }: Outputs): Promise<void> {
    return inOneSentence(
      inReachableCluster({
        kubeconfig: text,
        work: async (client) => {
          const namespaces = await grantedNamespaces(client, routerNamespace);
          await revokeNamespaces({ client, routerNamespace, namespaces });
        },
        gone: undefined,
      }),
    );
  }
}

export const operations = new EndpointNamespacesOperations();

function sorted({ allowedNamespaces }: Inputs): readonly string[] {
  return [...allowedNamespaces].sort();
}

async function grant(inputs: Inputs): Promise<Outputs> {
  const { routerNamespace } = inputs;
  const client = KubeClient.fromKubeConfig(inputs.kubeconfig);
  const cluster = await identifyCluster(client);
  // In this order: an endpoint claims its name before its namespace is opened, so no namespace that was opened meanwhile
  // is taken for one without endpoints.
  const granted = await grantedNamespaces(client, routerNamespace);
  const rights = await rightsOf(client, inputs);
  const namespaces = new Set(rights.namespaces);
  await grantNamespaces(rights);
  const surplus = [...granted].filter((namespace) => !namespaces.has(namespace));
  await revokeNamespaces({ client, routerNamespace, namespaces: surplus });
  return { ...inputs, cluster };
}

async function findDrift(client: KubeClient, inputs: Inputs): Promise<Drift> {
  return findMissingRights(await rightsOf(client, inputs));
}

async function rightsOf(client: KubeClient, inputs: Inputs): Promise<NamespaceRights> {
  const { routerNamespace, allowedNamespaces: allowed } = inputs;
  const declared = await findDeclaredNamespaces(client, routerNamespace);
  return { client, routerNamespace, namespaces: [...allowed, ...declared], allowed };
}
