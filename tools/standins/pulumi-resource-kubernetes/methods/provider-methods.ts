/** CheckConfig and DiffConfig: what identifies a provider, and so its resources' cluster. */
import { isDeepStrictEqual } from "node:util";
import {
  CheckRequest,
  CheckResponse,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { isUnknown, type PropertyMap, stripSecretsOf } from "../../resource-plugin/property-value";
import { fromStruct } from "../../resource-plugin/struct";
import { parseProviderConfig } from "../core/provider-config";
import { loadKubeConfig } from "../io/cluster";

/** Every option is accepted as it is; what is wrong with the kubeconfig shows where it is used. */
export async function checkConfig(request: CheckRequest): Promise<CheckResponse> {
  const response = new CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

const clusterKeys = ["kubeconfig", "context", "cluster"];
const identifierKey = "clusterIdentifier";

/**
 * A new `clusterIdentifier` replaces the provider and with it every resource. Where it is set and
 * stays, nothing else does; without one, another active cluster in the kubeconfig does.
 */
export async function diffConfig(request: DiffRequest): Promise<DiffResponse> {
  const olds = stripSecretsOf(fromStruct(request.getOlds()));
  const news = stripSecretsOf(fromStruct(request.getNews()));
  const diffs = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !isDeepStrictEqual(olds[key], news[key]),
  );
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  response.setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(diffs);
  response.setReplacesList(replacesOf(olds, news, diffs));
  return response;
}

function replacesOf(olds: PropertyMap, news: PropertyMap, diffs: readonly string[]): string[] {
  const before = olds[identifierKey];
  const after = news[identifierKey];
  const replaces =
    before !== undefined && after !== undefined && before !== after ? [identifierKey] : [];
  if (after !== undefined && before === after) return [];
  const changed = diffs.filter((key) => clusterKeys.includes(key));
  // Whether an unknown kubeconfig leads elsewhere can't be told; the safe answer is yes.
  const unknown = clusterKeys.filter((key) => isUnknown(news[key]));
  if (unknown.length > 0) return [...replaces, ...unknown.slice(0, 1)];
  const from = activeCluster(olds);
  const to = activeCluster(news);
  return from && to && !isDeepStrictEqual(from, to) ? [...replaces, ...changed] : replaces;
}

function activeCluster(inputs: PropertyMap): unknown {
  const config = parseProviderConfig(inputs, {});
  if (config.kubeconfig === "") return undefined;
  try {
    return loadKubeConfig(config).getCurrentCluster() ?? undefined;
  } catch {
    // A kubeconfig that can't be read names no cluster; the operation that needs it will say so.
    return undefined;
  }
}
