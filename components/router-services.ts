// The addresses of the router, for clients, and of the autoscaler, for the router.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SAMPLES_PORT } from "../serving/metrics-channel/router-sample";
import { LoadBalancerType } from "./aml-inference-router-args";
import { AUTOSCALER_NAME, podLabels, ROUTER_NAME } from "./router-names";

/** Subnet that Azure ML v1 took for an internal load balancer (azureml-semantics, row 9). */
export const DEFAULT_SUBNET = "aks-subnet";

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";
const INTERNAL_SUBNET = "service.beta.kubernetes.io/azure-load-balancer-internal-subnet";

export interface LoadBalancerPlace {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, pulumi.Input<string>>;
  readonly type: pulumi.Input<LoadBalancerType>;
  readonly subnet: pulumi.Input<string>;
  /** Port of the pods for each port of the address. */
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly target: number;
  }[];
}

/** The load balancer that clients call. */
export function createLoadBalancer(
  name: string,
  place: LoadBalancerPlace,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const annotations = pulumi
    .all([place.type, place.subnet])
    .apply(([type, subnet]): Record<string, string> =>
      type === LoadBalancerType.InternalLoadBalancer
        ? { [INTERNAL]: "true", [INTERNAL_SUBNET]: subnet }
        : {},
    );
  const { namespace, labels } = place;
  return new k8s.core.v1.Service(
    name,
    {
      metadata: { name: ROUTER_NAME, namespace, labels, annotations },
      spec: {
        type: "LoadBalancer",
        selector: podLabels(ROUTER_NAME),
        ports: place.ports.map(({ name: port, port: number, target }) => ({
          name: port,
          port: number,
          targetPort: target,
          protocol: "TCP",
        })),
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
      `the load balancer of Service ${ROUTER_NAME} has no address: the cluster must hand one out`,
    );
  });
}

/** Headless: the router finds every autoscaler, and reports to each. */
export function createAutoscalerService(
  name: string,
  namespace: pulumi.Input<string>,
  labels: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  return new k8s.core.v1.Service(
    `${name}-autoscaler`,
    {
      metadata: {
        name: AUTOSCALER_NAME,
        namespace,
        labels,
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        clusterIP: "None",
        selector: podLabels(AUTOSCALER_NAME),
        ports: [{ name: "samples", port: SAMPLES_PORT, targetPort: SAMPLES_PORT, protocol: "TCP" }],
      },
    },
    opts,
  );
}
