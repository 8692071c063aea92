// A kubeconfig's credentials as options of an HTTPS request.
//
// The build bundles this module with the Kubernetes client (tools/checkout/bundle.mjs): every preview loads it, and the
// bundle loads in a fifth of the time.
import { type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/**
 * TLS material, headers and, where the kubeconfig names a proxy, the agent.
 * @throws Error when the kubeconfig's exec plugin fails
 */
export async function readCredentials(kubeconfig: string | KubeConfig): Promise<RequestOptions> {
  const config = typeof kubeconfig === "string" ? new KubeConfig() : kubeconfig;
  if (typeof kubeconfig === "string") config.loadFromString(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  // The library's agent doesn't keep connections alive: use it only for a proxy.
  if (config.getCurrentCluster()?.proxyUrl === undefined) delete options.agent;
  return options;
}
