// The public name of the router's load balancer: a label of yours below a name of Azure's.
import { readKubeConfig } from "../../kubernetes/io/kube-config";

/** On a Service: Azure's name for its public address; empty: none, absent: as it was. */
export const DNS_LABEL = "service.beta.kubernetes.io/azure-dns-label-name";

/** How an AKS API server is called in each cloud, and what public addresses end in there. */
const CLOUDS = [
  [/\.(?:hcp|privatelink)\.([a-z0-9]+)\.azmk8s\.io$/, "cloudapp.azure.com"],
  [
    /\.(?:hcp|privatelink)\.([a-z0-9]+)\.cx\.aks\.containerservice\.azure\.us$/,
    "cloudapp.usgovcloudapi.net",
  ],
  [
    /\.(?:hcp|privatelink)\.([a-z0-9]+)\.cx\.prod\.service\.azk8s\.cn$/,
    "cloudapp.chinacloudapi.cn",
  ],
] as const;

/**
 * `<label>.<region>.cloudapp.azure.com`. The region is the cluster's, which its API server has in its name; undefined
 * where the kubeconfig names it otherwise (another cloud's cluster, an own domain).
 */
export function leafDomainName(label: string, kubeconfig: string): string | undefined {
  const read = readKubeConfig(kubeconfig);
  if (!read.ok) return undefined;
  const { hostname } = new URL(read.identity.server);
  for (const [apiServer, suffix] of CLOUDS) {
    const region = apiServer.exec(hostname)?.[1];
    if (region !== undefined) return `${label}.${region}.${suffix}`;
  }
  return undefined;
}
