// The public name of the router's load balancer: a label of yours below a name of Azure's.
import { readKubeConfig } from "../provider/io/kube-config";
import { type ArgumentProblem, shown } from "../provider/core/argument-problem";
import { LoadBalancerType } from "./aml-inference-router-args";
import { checkText } from "./plain-values";
import { UNKNOWN } from "../provider/core/unknown";

/** On a Service: Azure's name for its public address; empty: none, absent: as it was. */
export const DNS_LABEL = "service.beta.kubernetes.io/azure-dns-label-name";

/** Azure's rule for the label of a public address (REST: PublicIPAddressDnsSettings.domainNameLabel). */
const LABEL = /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/;

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

/** Problems of a router's `leafDomainLabel`. */
export function checkLeafDomainLabel(label: unknown, type: unknown): ArgumentProblem[] {
  if (label === undefined || label === null) return [];
  const path = "leafDomainLabel";
  const problems = checkText(path, label);
  if (typeof label === "string" && label !== "" && label !== UNKNOWN && !LABEL.test(label)) {
    const legal = "3 to 63 lower-case letters, digits and dashes, first a letter, last no dash";
    problems.push({ path, reason: `must be ${legal}: it is ${shown(label)}` });
  }
  if (type === LoadBalancerType.InternalLoadBalancer) {
    const reason = `needs loadBalancerType ${LoadBalancerType.PublicIp}: it is ${shown(type)}`;
    problems.push({ path, reason });
  }
  return problems;
}

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
