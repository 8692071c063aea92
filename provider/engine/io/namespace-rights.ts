// Lets router and autoscaler into the namespaces of endpoints, and takes the rights back.
import { belongsToRouter } from "../../../contracts/model-endpoint/belongs-to-router";
import {
  API_VERSION,
  KIND,
  type ModelEndpoint,
} from "../../../contracts/model-endpoint/model-endpoint";
import { ALLOWED_LABEL, ROUTER_NAMESPACE_LABEL } from "../../../contracts/pods/endpoint-rights";
import { type KubeObject, locatorOf } from "../../../kubernetes/core/kube-object";
import { applyObject } from "../../../kubernetes/io/apply-object";
import { findDrift } from "../../../kubernetes/io/find-drift";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { isReason } from "../../../kubernetes/io/kube-error";
import { type Drift } from "../../../values/drift";
import { namespaceRights, ROLE_BINDING } from "../core/namespace-rights";

/** What is to be done in which namespaces, for the router in `routerNamespace`. */
export interface NamespaceRights {
  readonly client: KubeClient;
  readonly routerNamespace: string;
  readonly namespaces: Iterable<string>;
  /** Those in the router's list. Default: none. */
  readonly allowed?: Iterable<string>;
}

/**
 * Grants the rights in the namespaces that exist.
 * @throws KubeError when a request to the API server fails
 */
export async function grantNamespaces(rights: NamespaceRights): Promise<void> {
  const { client } = rights;
  const bindings = await bindingsIn(rights);
  await Promise.all(bindings.map((binding) => applyObject(client, binding, {})));
}

/** The rights that are missing or changed in namespaces that exist. */
export async function findMissingRights(rights: NamespaceRights): Promise<Drift> {
  return findDrift(rights.client, await bindingsIn(rights));
}

/** Takes the rights back in these namespaces; what is missing already is no error. */
export async function revokeNamespaces(rights: NamespaceRights): Promise<void> {
  const { client, routerNamespace, namespaces } = rights;
  const bindings = [...namespaces].flatMap((name) => namespaceRights(name, routerNamespace));
  await Promise.all(
    bindings.map((binding) => client.remove(locatorOf(binding), binding.metadata.name)),
  );
}

/** The namespaces in which the router in `routerNamespace` has rights. */
export async function grantedNamespaces(
  client: KubeClient,
  routerNamespace: string,
): Promise<ReadonlySet<string>> {
  const labels = `${ROUTER_NAMESPACE_LABEL}=${routerNamespace}`;
  const bindings = await client.list<KubeObject>(ROLE_BINDING, { labels });
  return new Set(bindings.map(({ metadata }) => metadata.namespace ?? ""));
}

/**
 * Lets the router into an endpoint's namespace, unless it has the rights already. Those who may not grant rights leave it to
 * the router's stack.
 */
export async function openNamespace(
  client: KubeClient,
  routerNamespace: string,
  namespace: string,
): Promise<void> {
  await whereAllowed(async () => {
    const live = await readBinding(client, routerNamespace, namespace);
    const allowed = isAllowed(live) ? [namespace] : [];
    await grantNamespaces({ client, routerNamespace, namespaces: [namespace], allowed });
  });
}

/** Takes the rights back in a namespace whose last endpoint has gone, unless it is in the router's list. */
export async function closeNamespace(
  client: KubeClient,
  routerNamespace: string,
  namespace: string,
): Promise<void> {
  await whereAllowed(async () => {
    const live = await readBinding(client, routerNamespace, namespace);
    if (live === undefined || isAllowed(live)) return;
    const endpoints = { apiVersion: API_VERSION, kind: KIND, namespace };
    const left = await client.list<KubeObject & ModelEndpoint>(endpoints);
    if (left.some((endpoint) => belongsToRouter(endpoint, routerNamespace))) return;
    await revokeNamespaces({ client, routerNamespace, namespaces: [namespace] });
  });
}

/** Does nothing for those who may not. */
async function whereAllowed(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isReason(error, "Forbidden")) throw error;
  }
}

/** The first of the namespace's bindings, which tells whether it is in the router's list. */
async function readBinding(
  client: KubeClient,
  routerNamespace: string,
  namespace: string,
): Promise<KubeObject | undefined> {
  const [binding] = namespaceRights(namespace, routerNamespace);
  return binding && client.read<KubeObject>(locatorOf(binding), binding.metadata.name);
}

function isAllowed(binding: KubeObject | undefined): boolean {
  return binding?.metadata.labels?.[ALLOWED_LABEL] !== undefined;
}

async function bindingsIn(rights: NamespaceRights): Promise<readonly KubeObject[]> {
  const { client, routerNamespace, namespaces } = rights;
  const allowed = new Set(rights.allowed);
  const bindings = await Promise.all(
    [...new Set(namespaces)].map(async (name) => {
      const live = await client.read({ apiVersion: "v1", kind: "Namespace" }, name);
      const exists = live !== undefined && live.metadata.deletionTimestamp === undefined;
      return exists ? namespaceRights(name, routerNamespace, allowed.has(name)) : [];
    }),
  );
  return bindings.flat();
}
