// Who may reach the ports of router and autoscaler (docs/ports.md).
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { SAMPLES_PORT } from "../../contracts/metrics-channel/router-sample";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import { HTTP_PORT, HTTPS_PORT } from "../../contracts/pods/router-environment";
import { podSelector } from "../../provider/release/core/release";
import { type ObjectLocator } from "./router-names";

const tcp = (port: number) => ({ port, protocol: "TCP" });

/**
 * The router's public ports from everywhere, the metrics channel from the routers; every other port from nobody. The
 * kubelet's probes are no matter of policies: a pod's own node always reaches it (kubernetes.io, «Network Policies»).
 */
export function createNetworkPolicies(
  name: string,
  { namespace, labels }: ObjectLocator,
  opts: pulumi.CustomResourceOptions,
): readonly k8s.networking.v1.NetworkPolicy[] {
  const policy = (
    suffix: string,
    pods: string,
    ingress: k8s.types.input.networking.v1.NetworkPolicyIngressRule,
  ) =>
    new k8s.networking.v1.NetworkPolicy(
      `${name}-${suffix}`,
      {
        metadata: { name: pods, namespace, labels },
        spec: {
          podSelector: { matchLabels: podSelector(pods) },
          policyTypes: ["Ingress"],
          ingress: [ingress],
        },
      },
      opts,
    );
  return [
    policy("router", ROUTER_NAME, { ports: [HTTP_PORT, HTTPS_PORT].map(tcp) }),
    policy("autoscaler", AUTOSCALER_NAME, {
      from: [{ podSelector: { matchLabels: podSelector(ROUTER_NAME) } }],
      ports: [tcp(SAMPLES_PORT)],
    }),
  ];
}
