// The addresses of the router, for clients, and of the autoscaler, for the router.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ExternalTrafficPolicy, LoadBalancerType } from "../../contracts/choices";
import { SAMPLES_PORT } from "../../contracts/metrics-channel/router-sample";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import { HTTP_PORT, HTTPS_PORT } from "../../contracts/pods/router-environment";
import { type Later, mapLater } from "../engine/inputs";
import { DNS_LABEL } from "./leaf-domain";
import { LoadBalancerAddress } from "../../provider/load-balancer-address/load-balancer-address";
import { podSelector } from "../../provider/release/core/release";
import { type ObjectLocator } from "./router-names";

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";
// kubernetes-sigs/cloud-provider-azure, «LoadBalancer annotations».
const PUBLIC_IP_NAME = "service.beta.kubernetes.io/azure-pip-name";
const PUBLIC_IP_GROUP = "service.beta.kubernetes.io/azure-load-balancer-resource-group";
const INTERNAL_SUBNET = "service.beta.kubernetes.io/azure-load-balancer-internal-subnet";

/** Nobody waits for the Service itself: of the router's, LoadBalancerAddress waits for the address. */
const NOT_AWAITED = { "pulumi.com/skipAwait": "true" };

const HTTP = { name: "http", port: 80, targetPort: HTTP_PORT, protocol: "TCP" };
const HTTPS = { name: "https", port: 443, targetPort: HTTPS_PORT, protocol: "TCP" };

export interface LoadBalancerLocator extends ObjectLocator {
  readonly type: pulumi.Input<LoadBalancerType>;
  readonly subnet: pulumi.Input<string>;
  /** DNS label of the public address; empty: none. */
  readonly leafDomainLabel: pulumi.Input<string>;
  /** Name and group of a public address that exists; absent: AKS makes one. */
  readonly publicIp: {
    readonly name: pulumi.Input<string | undefined> | undefined;
    readonly group: pulumi.Input<string | undefined> | undefined;
  };
  /** Absent: not declared, which is Kubernetes' Cluster. */
  readonly externalTrafficPolicy: pulumi.Input<ExternalTrafficPolicy> | undefined;
  /** True: port 443 is open, too. */
  readonly tls: Later<boolean>;
}

/** By which the Service tells Azure what its load balancer is to be. */
function requestOf({ type, subnet, leafDomainLabel, publicIp }: LoadBalancerLocator) {
  return pulumi
    .all([type, subnet, leafDomainLabel, publicIp.name, publicIp.group])
    .apply(([kind, subnetName, label, ip, group]): Record<string, string> => {
      if (kind === LoadBalancerType.InternalLoadBalancer) {
        return { [INTERNAL]: "true", [INTERNAL_SUBNET]: subnetName };
      }
      return {
        // Azure keeps the label of an absent annotation, so "none" is sent as empty (cloud-provider-azure,
        // reconcileDNSSettings). An address of the user's own keeps the label that it has.
        ...(ip !== undefined && label === "" ? {} : { [DNS_LABEL]: label }),
        ...(ip === undefined ? {} : { [PUBLIC_IP_NAME]: ip }),
        ...(ip === undefined || group === undefined ? {} : { [PUBLIC_IP_GROUP]: group }),
      };
    });
}

export interface LoadBalancer {
  readonly service: k8s.core.v1.Service;
  readonly address: LoadBalancerAddress;
}

/** The load balancer that clients call, and its address. */
export function createLoadBalancer(
  name: string,
  place: LoadBalancerLocator,
  kubeconfig: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): LoadBalancer {
  const request = requestOf(place);
  const { namespace, labels } = place;
  const service = new k8s.core.v1.Service(
    name,
    {
      metadata: {
        name: ROUTER_NAME,
        namespace,
        labels,
        annotations: request.apply((own) => ({ ...own, ...NOT_AWAITED })),
      },
      spec: {
        type: "LoadBalancer",
        selector: podSelector(ROUTER_NAME),
        ...(place.externalTrafficPolicy === undefined
          ? {}
          : { externalTrafficPolicy: place.externalTrafficPolicy }),
        ports: mapLater(place.tls, (tls) => (tls ? [HTTP, HTTPS] : [HTTP])),
      },
    },
    opts,
  );
  const address = new LoadBalancerAddress(
    name,
    { kubeconfig, namespace, serviceName: ROUTER_NAME, annotations: request },
    { parent: opts.parent, dependsOn: [service] },
  );
  return { service, address };
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
        annotations: NOT_AWAITED,
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
