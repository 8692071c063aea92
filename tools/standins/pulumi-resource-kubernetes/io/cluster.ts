/** The cluster that a provider's options name: a client, or the reason why there is none. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { KubeConfig } from "@kubernetes/client-node";
import type { ProviderConfig } from "../core/provider-config";
import { createApiClient } from "../../../../kubernetes/io/api-client";
import { KubeError } from "../../../../kubernetes/io/kube-error";
import { kubeconfigCredentials } from "../../../../kubernetes/io/kubeconfig-credentials";
import { DynamicClient } from "./dynamic-client";

/** A cluster that answers, or a sentence why it can't be used. */
export type Cluster =
  | { readonly reachable: true; readonly client: DynamicClient; readonly defaultNamespace: string }
  | { readonly reachable: false; readonly reason: string };

/** Connects, and asks the server for its version. Never throws: a preview works without a cluster. */
export async function connectCluster(config: ProviderConfig): Promise<Cluster> {
  let kubeConfig: KubeConfig;
  try {
    kubeConfig = loadKubeConfig(config);
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return {
      reachable: false,
      reason: `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`: ${message}`,
    };
  }
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster) {
    return {
      reachable: false,
      reason: `the kubeconfig names no cluster for the context "${kubeConfig.getCurrentContext() ?? ""}"`,
    };
  }
  const contextNamespace = kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace;
  const defaultNamespace = config.namespace || contextNamespace || "default";
  const api = createApiClient(kubeconfigCredentials(cluster.server, kubeConfig));
  const client = new DynamicClient(api, defaultNamespace);
  try {
    await client.version();
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    // A server that refuses this one question still is a server.
    if (error.reason !== "Forbidden") {
      const reason =
        error.reason === "Unauthorized"
          ? `the API server at ${cluster.server} does not accept the kubeconfig's credentials`
          : `unable to load schema information from the API server at ${cluster.server}: ${error.detail}`;
      return { reachable: false, reason };
    }
  }
  return { reachable: true, client, defaultNamespace };
}

/** The kubeconfig of the options; they hold either its content or a path. Throws when it can't be read. */
export function loadKubeConfig(
  config: Pick<ProviderConfig, "kubeconfig" | "context" | "cluster">,
): KubeConfig {
  const kubeConfig = new KubeConfig();
  const text = config.kubeconfig.startsWith("~/")
    ? homedir() + config.kubeconfig.slice(1)
    : config.kubeconfig;
  if (text === "") kubeConfig.loadFromDefault();
  else if (existsSync(text)) kubeConfig.loadFromFile(text);
  else if (!/[\n{:]/.test(text)) throw new Error(`no such file: ${text}`);
  else kubeConfig.loadFromString(text);
  if (config.context) kubeConfig.setCurrentContext(config.context);
  if (config.cluster) {
    const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
    if (context) kubeConfig.contexts = [{ ...context, cluster: config.cluster }];
  }
  return kubeConfig;
}
