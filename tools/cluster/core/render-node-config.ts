// Renders the configuration of kubelet and kube-proxy.
import { join } from "node:path";
import { network, ports, type ClusterSettings } from "./cluster-settings";

/** KubeletConfiguration as JSON. Works on cgroup v1 and v2. */
export function renderKubeletConfig(settings: ClusterSettings): string {
  return JSON.stringify(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      address: network.nodeIp,
      port: ports.kubelet,
      healthzBindAddress: network.nodeIp,
      healthzPort: ports.kubeletHealth,
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: join(settings.pkiDir, "ca.pem") },
      },
      authorization: { mode: "Webhook" },
      tlsCertFile: join(settings.pkiDir, "kubelet-server.pem"),
      tlsPrivateKeyFile: join(settings.pkiDir, "kubelet-server.key"),
      containerRuntimeEndpoint: `unix://${settings.containerdSocket}`,
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${settings.cgroup}`,
      failCgroupV1: false,
      failSwapOn: false,
      enforceNodeAllocatable: [],
      oomScoreAdj: 0,
      maxPods: 250,
      resolvConf: join(settings.configDir, "resolv.conf"),
      volumePluginDir: "/var/lib/kubelet/volume-plugins",
      containerLogMaxSize: "5Mi",
      containerLogMaxFiles: 2,
      // Images come from the host and can't be pulled again: never collect them.
      imageGCHighThresholdPercent: 100,
      imageGCLowThresholdPercent: 99,
      evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%" },
    },
    null,
    2,
  );
}

/** KubeProxyConfiguration as JSON: iptables, no conntrack limits of its own. */
export function renderProxyConfig(settings: ClusterSettings): string {
  return JSON.stringify(
    {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      mode: "iptables",
      hostnameOverride: settings.nodeName,
      clientConnection: { kubeconfig: join(settings.configDir, "kube-proxy.kubeconfig") },
      clusterCIDR: network.podRange,
      healthzBindAddress: `${network.nodeIp}:${ports.proxyHealth}`,
      metricsBindAddress: `${network.nodeIp}:${ports.proxyMetrics}`,
      oomScoreAdj: 0,
      // Zero leaves the machine's own values as they are.
      conntrack: {
        maxPerCore: 0,
        min: 0,
        tcpEstablishedTimeout: "0s",
        tcpCloseWaitTimeout: "0s",
      },
    },
    null,
    2,
  );
}
