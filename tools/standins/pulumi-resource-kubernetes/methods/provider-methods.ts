/** CheckConfig and DiffConfig: what identifies a provider, and so its resources' cluster. */
import { isDeepStrictEqual } from "node:util";
import {
  type CheckRequest,
  CheckResponse,
  type DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { isUnknown, type PropertyMap, stripSecretsOf } from "../../property-value";
import { fromStruct } from "../../resource-plugin";
import { parseProviderConfig } from "../core/provider-config";
import { loadKubeConfig } from "../io/cluster";

/** Every option is accepted as it is; what is wrong with the kubeconfig shows where it is used. */
export function checkConfig(request: CheckRequest): CheckResponse {
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
export function diffConfig(request: DiffRequest): DiffResponse {
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
  const isNamedTheSame = after !== undefined && before === after;
  // Whether an unknown kubeconfig leads elsewhere can't be told; the safe answer is yes.
  const unknown = clusterKeys.find((key) => isUnknown(news[key]));
  if (unknown !== undefined) return isNamedTheSame ? [] : [...replaces, unknown];
  // Read even where it decides nothing: a kubeconfig that is wrong shows here, before any change.
  const to = activeCluster(news);
  if (isNamedTheSame) return [];
  const from = activeClusterIfReadable(olds);
  if (!from || !to || isDeepStrictEqual(from, to)) return replaces;
  return [...replaces, ...diffs.filter((key) => clusterKeys.includes(key))];
}

/** Undefined for a kubeconfig that comes from the machine. Throws when the options hold one that can't be read. */
function activeCluster(inputs: PropertyMap): unknown {
  const config = parseProviderConfig(inputs, {});
  if (config.kubeconfig === "") return undefined;
  try {
    return loadKubeConfig(config).getCurrentCluster() ?? undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new Error(`failed to parse kubeconfig: ${message}`, { cause: error });
  }
}

/** The former kubeconfig may be a path whose file is gone; that must not stand in a new one's way. */
function activeClusterIfReadable(inputs: PropertyMap): unknown {
  try {
    return activeCluster(inputs);
  } catch {
    return undefined;
  }
}
