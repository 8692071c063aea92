// The destinations that a cluster connects to, for firewalls (docs/azure.md compares v1's table).
import { regionName } from "../../../azure/core/region-name";

/** One destination. */
export interface EgressRule {
  /** A name, or a pattern with `*` in front. */
  readonly fqdn: string;
  readonly port: number;
  readonly why: string;
}

export interface EgressFeatures {
  readonly location: string;
  /** The API server's name; undefined while it is not known. */
  readonly apiServer: string | undefined;
  readonly registryIds: readonly string[];
  /** Container Insights. */
  readonly monitoring: boolean;
  /** Managed Prometheus. Default false. */
  readonly metrics?: boolean;
  readonly azurePolicy: boolean;
  readonly defender: boolean;
  /** NVIDIA's device plugin. */
  readonly devicePlugin: boolean;
}

const HTTPS = 443;

/** NVIDIA's device plugin, of the version in AKS's documents (learn.microsoft.com/azure/aks/use-nvidia-gpu). */
export const DEVICE_PLUGIN_IMAGE = "nvcr.io/nvidia/k8s-device-plugin:v0.18.0";

/** What nodes with GPUs need for `DEVICE_PLUGIN_IMAGE`. */
function devicePluginEgress(): EgressRule[] {
  const whence = "unless taken from a registry of yours";
  return [
    { fqdn: "nvcr.io", port: HTTPS, why: `nodes with GPUs: NVIDIA's device plugin, ${whence}` },
    { fqdn: "layers.nvcr.io", port: HTTPS, why: "nodes with GPUs: layers of that image" },
  ];
}

/**
 * What AKS and our parts need.
 *
 * Source: learn.microsoft.com/azure/aks/outbound-rules-control-egress, public cloud; ours from the images that the
 * router runs.
 */
export function requiredEgress(features: EgressFeatures): EgressRule[] {
  const region = regionName(features.location);
  const regionalHandler = `${region}.handler.control.monitor.azure.com`;
  const rule = (fqdn: string, why: string): EgressRule => ({ fqdn, port: HTTPS, why });
  return [
    rule(
      features.apiServer ?? `*.hcp.${region}.azmk8s.io`,
      "nodes, router and autoscaler: the cluster's API server",
    ),
    rule("mcr.microsoft.com", "nodes: images of AKS's own parts"),
    rule("*.data.mcr.microsoft.com", "nodes: layers of those images"),
    rule("mcr-0001.mcr-msedge.net", "nodes: the address behind mcr.microsoft.com"),
    rule("management.azure.com", "AKS's parts: Azure Resource Manager"),
    rule("login.microsoftonline.com", "AKS's parts: tokens of Microsoft Entra"),
    rule("packages.microsoft.com", "nodes: packages of Microsoft"),
    rule("packages.aks.azure.com", "nodes: Kubernetes' own programs"),
    rule("acs-mirror.azureedge.net", "nodes: the same, older node images"),
    rule(
      "registry-1.docker.io",
      "router: the images haproxy and node, unless taken from a registry of yours",
    ),
    rule("auth.docker.io", "router: tokens for those images"),
    rule("production.cloudflare.docker.com", "router: layers of those images"),
    ...features.registryIds.map((id) =>
      rule(`${id.split("/").at(-1) ?? ""}.azurecr.io`, "nodes: images of models"),
    ),
    ...(features.registryIds.length === 0
      ? []
      : [
          rule(
            "*.blob.core.windows.net",
            "nodes: layers of those images, unless the registry has data endpoints",
          ),
        ]),
    ...(features.monitoring
      ? [
          rule("*.ods.opinsights.azure.com", "Container Insights: data"),
          rule("*.oms.opinsights.azure.com", "Container Insights: settings"),
          rule(regionalHandler, "Container Insights: collection rules"),
        ]
      : []),
    ...(features.metrics
      ? [
          rule("*.metrics.ingest.monitor.azure.com", "managed Prometheus: metrics"),
          rule("global.handler.control.monitor.azure.com", "managed Prometheus: access"),
          ...(features.monitoring
            ? []
            : [rule(regionalHandler, "managed Prometheus: collection rules")]),
        ]
      : []),
    ...(features.azurePolicy
      ? [
          rule("data.policy.core.windows.net", "Azure Policy: definitions"),
          rule("store.policy.core.windows.net", "Azure Policy: artifacts"),
        ]
      : []),
    ...(features.devicePlugin ? devicePluginEgress() : []),
    ...(features.defender ? [rule("*.cloud.defender.microsoft.com", "Defender: findings")] : []),
  ];
}
