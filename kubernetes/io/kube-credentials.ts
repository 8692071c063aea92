// What a kubeconfig's credentials add to a request.
//
// The build makes one file of this module and the Kubernetes client (tools/checkout/bundle.mjs): that loads in a fifth of the
// time, which every preview takes.
import { type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/**
 * TLS material, headers and, where the kubeconfig names a proxy, the agent.
 * @throws Error of the kubeconfig's own plugin
 */
export async function readCredentials(kubeconfig: string | KubeConfig): Promise<RequestOptions> {
  const config = typeof kubeconfig === "string" ? new KubeConfig() : kubeconfig;
  if (typeof kubeconfig === "string") config.loadFromString(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  // Its agent keeps no connections; where none is needed, ours does.
  if (config.getCurrentCluster()?.proxyUrl === undefined) delete options.agent;
  return options;
}
