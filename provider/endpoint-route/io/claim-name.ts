// Claims an endpoint's name for its namespace, in the ConfigMap that router and autoscaler obey, and lets go of it.
import { nameTakenMessage } from "../../../contracts/model-endpoint/admission";
import { belongsToRouter } from "../../../contracts/model-endpoint/belongs-to-router";
import {
  API_VERSION,
  KIND,
  type ModelEndpoint,
} from "../../../contracts/model-endpoint/model-endpoint";
import {
  claimantOf,
  declaredKey,
  isComplete,
  NAMES_CONFIG_MAP,
  type NamesConfigMap,
  readClaims,
  seenKey,
} from "../../../contracts/model-endpoint/name-claims";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { FIELD_MANAGER, type KubeClient } from "../../../kubernetes/io/kube-client";
import { isReason } from "../../../kubernetes/io/kube-error";

export interface Claim {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Undefined: the endpoint names no router, and no name is claimed. */
  readonly routerNamespace: string | undefined;
}

type Names = KubeObject & NamesConfigMap;

/** Other endpoints of the same run claim their names at the same time. */
const MAX_ATTEMPTS = 200;

/**
 * Claims the name, unless another namespace does: then it returns why it can't. Without rights on the ConfigMap, or
 * without a router, nothing is claimed, and the router decides.
 * @throws KubeError when another request fails
 */
export async function claimName(claim: Claim): Promise<string | undefined> {
  const { client, namespace, name, routerNamespace } = claim;
  if (routerNamespace === undefined) return undefined;
  const key = declaredKey(name);
  for (let attempt = 1; ; attempt++) {
    try {
      const live = await readNames(client, routerNamespace);
      const present = isComplete(live) ? [] : await readEndpoints(client, routerNamespace);
      const claimant = claimantOf(readClaims(live, present), name);
      if (claimant !== undefined && claimant !== namespace) return nameTakenMessage(name, claimant);
      if (live?.data?.[key] === namespace) return undefined;
      const { resourceVersion } = live?.metadata ?? {};
      // The resource version makes a claim that another makes meanwhile a conflict.
      const changed = await client.merge<Names>(locatorIn(routerNamespace), NAMES_CONFIG_MAP, {
        ...(live === undefined ? {} : { metadata: { resourceVersion } }),
        data: { [key]: namespace },
      });
      if (changed !== undefined) return undefined;
      await client.create<Names>(
        {
          ...{ apiVersion: "v1", kind: "ConfigMap" },
          metadata: { name: NAMES_CONFIG_MAP, namespace: routerNamespace },
          data: { [key]: namespace },
        },
        FIELD_MANAGER,
      );
      return undefined;
    } catch (error) {
      // NotFound: the router's namespace doesn't exist (yet).
      if (isReason(error, "Forbidden", "NotFound")) return undefined;
      if (!isReason(error, "Conflict", "AlreadyExists") || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/**
 * Lets go of the name where it is claimed for this namespace, by a stack or by the autoscaler. Without rights on the
 * ConfigMap the autoscaler does, since the endpoint was suspended before it was deleted.
 */
export async function releaseName(claim: Claim): Promise<void> {
  const { client, namespace, name, routerNamespace } = claim;
  if (routerNamespace === undefined) return;
  try {
    const live = await readNames(client, routerNamespace);
    const own = [declaredKey(name), seenKey(name)].filter((key) => live?.data?.[key] === namespace);
    if (own.length === 0) return;
    const data = Object.fromEntries(own.map((key) => [key, null]));
    await client.merge<Names>(locatorIn(routerNamespace), NAMES_CONFIG_MAP, { data });
  } catch (error) {
    if (!isReason(error, "Forbidden")) throw error;
  }
}

/** Some were served before there were claims, and have theirs only once the claims are complete. */
async function readEndpoints(
  client: KubeClient,
  routerNamespace: string,
): Promise<readonly ModelEndpoint[]> {
  try {
    const all = await client.list<KubeObject & ModelEndpoint>({
      apiVersion: API_VERSION,
      kind: KIND,
    });
    return all.filter((endpoint) => belongsToRouter(endpoint, routerNamespace));
  } catch (error) {
    if (!isReason(error, "Forbidden", "NotFound")) throw error;
    return [];
  }
}

function readNames(client: KubeClient, routerNamespace: string): Promise<Names | undefined> {
  return client.read<Names>(locatorIn(routerNamespace), NAMES_CONFIG_MAP);
}

function locatorIn(namespace: string) {
  return { apiVersion: "v1", kind: "ConfigMap", namespace };
}
