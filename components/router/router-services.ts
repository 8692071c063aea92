// The addresses of the router, for clients, and of the autoscaler, for the router.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancerType } from "../../contracts/choices";
import { SAMPLES_PORT } from "../../contracts/metrics-channel/router-sample";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import { HTTP_PORT, HTTPS_PORT } from "../../contracts/pods/router-environment";
import { DNS_LABEL } from "./leaf-domain";
import { podSelector } from "../../provider/release/core/release";
import { type ObjectLocator } from "./router-names";

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";
const INTERNAL_SUBNET = "service.beta.kubernetes.io/azure-load-balancer-internal-subnet";

const HTTP = { name: "http", port: 80, targetPort: HTTP_PORT, protocol: "TCP" };
const HTTPS = { name: "https", port: 443, targetPort: HTTPS_PORT, protocol: "TCP" };

export interface LoadBalancerLocator extends ObjectLocator {
  readonly type: pulumi.Input<LoadBalancerType>;
  readonly subnet: pulumi.Input<string>;
  /** DNS label of the public address; empty: none. */
  readonly leafDomainLabel: pulumi.Input<string>;
  /** True: port 443 is open, too. */
  readonly tls: boolean;
}

/** The load balancer that clients call. */
export function createLoadBalancer(
  name: string,
  place: LoadBalancerLocator,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const annotations = pulumi
    .all([place.type, place.subnet, place.leafDomainLabel])
    .apply(([type, subnet, label]): Record<string, string> =>
      type === LoadBalancerType.InternalLoadBalancer
        ? { [INTERNAL]: "true", [INTERNAL_SUBNET]: subnet }
        : // Azure keeps the label of an absent annotation, so "none" is sent as empty (cloud-provider-azure, reconcileDNSSettings).
          { [DNS_LABEL]: label },
    );
  const { namespace, labels } = place;
  return new k8s.core.v1.Service(
    name,
    {
      metadata: { name: ROUTER_NAME, namespace, labels, annotations },
      spec: {
        type: "LoadBalancer",
        selector: podSelector(ROUTER_NAME),
        ports: place.tls ? [HTTP, HTTPS] : [HTTP],
      },
    },
    opts,
  );
}

/** The address of a load balancer: an IP, or a name where the cloud gives one. */
export function addressOf(service: k8s.core.v1.Service): pulumi.Output<string> {
  return service.status.apply((status) => {
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    const address = ingress?.hostname ?? ingress?.ip;
    if (address !== undefined) return address.includes(":") ? `[${address}]` : address;
    throw new pulumi.RunError(
      `the load balancer of Service ${ROUTER_NAME} has no address: the cluster must assign one`,
    );
  });
}

/** Headless: the router finds every autoscaler, and reports to each. */
export function createAutoscalerService(
  name: string,
  { namespace, labels }: ObjectLocator,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  return new k8s.core.v1.Service(
    name,
    {
      metadata: {
        name: AUTOSCALER_NAME,
        namespace,
        labels,
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type: "ClusterIP",
        clusterIP: "None",
        selector: podSelector(AUTOSCALER_NAME),
        ports: [{ name: "samples", port: SAMPLES_PORT, targetPort: SAMPLES_PORT, protocol: "TCP" }],
      },
    },
    opts,
  );
}
