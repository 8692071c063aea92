// The public DNS name of the router's load balancer: a label that the program gives, in a domain of Azure.
import { readKubeConfig } from "../../kubernetes/io/kube-config";

/** Annotation of a Service: DNS label of its public address. Empty removes the label; absent keeps it. */
export const DNS_LABEL = "service.beta.kubernetes.io/azure-dns-label-name";

/** Per cloud: host names of AKS API servers, and the domain of public addresses. */
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
 * `<label>.<region>.cloudapp.azure.com`. The region is read from the API server's host name; undefined when that is none
 * of AKS (another provider's cluster, a custom domain).
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
