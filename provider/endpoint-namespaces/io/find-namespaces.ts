// Finds the namespaces in which a router has something to do.
import {
  API_VERSION,
  KIND,
  type ModelEndpoint,
} from "../../../contracts/model-endpoint/model-endpoint";
import { belongsToRouter } from "../../../contracts/model-endpoint/belongs-to-router";
import {
  NAMES_CONFIG_MAP,
  type NamesConfigMap,
  readClaims,
} from "../../../contracts/model-endpoint/name-claims";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";

/** The namespaces of endpoints that stacks declare for this router, or that it served before names were claimed. */
export async function findDeclaredNamespaces(
  client: KubeClient,
  routerNamespace: string,
): Promise<readonly string[]> {
  const names = { apiVersion: "v1", kind: "ConfigMap", namespace: routerNamespace };
  const [claims, endpoints] = await Promise.all([
    client.read<KubeObject & NamesConfigMap>(names, NAMES_CONFIG_MAP),
    client.list<KubeObject & ModelEndpoint>({ apiVersion: API_VERSION, kind: KIND }),
  ]);
  const own = endpoints.filter((endpoint) => belongsToRouter(endpoint, routerNamespace));
  return [...new Set(readClaims(claims, own).declared.values())];
}
