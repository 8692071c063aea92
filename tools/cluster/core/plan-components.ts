// Plans the processes of the local cluster: which program, with which arguments, after what.
import { join } from "node:path";
import { network, ports, type ClusterSettings } from "./cluster-settings";

export interface Component {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What must be there first. */
  readonly after?: Condition;
}

/** A listener that accepts connections, or a URL that answers with success. */
export type Condition =
  | { readonly socket: string }
  | { readonly host: string; readonly port: number }
  | { readonly url: string; readonly caFile: string };

/**
 * The components in the order in which they start.
 * @param kube the multi-call binary of Kubernetes: its first argument names the component.
 */
export function planComponents(settings: ClusterSettings, kube: string): Component[] {
  const { stateDir, configDir, containerdSocket, nodeName } = settings;
  const pki = (file: string) => join(settings.pkiDir, file);
  const config = (file: string) => join(configDir, file);
  const at = (port: number) => `${network.nodeIp}:${port}`;
  // Ready includes the roles that the components run under; anybody may ask.
  const apiServer = { url: `https://${at(ports.apiServer)}/readyz`, caFile: pki("ca.pem") };
  const kubernetes = (name: string, after: Condition, args: readonly string[]) => ({
    name,
    program: kube,
    args: [name, ...args],
    after,
  });

  return [
    {
      name: "etcd",
      program: "etcd",
      args: [
        "--name=aml-inference",
        `--data-dir=${join(stateDir, "etcd")}`,
        `--listen-client-urls=https://${at(ports.etcdClient)}`,
        `--advertise-client-urls=https://${at(ports.etcdClient)}`,
        `--listen-peer-urls=https://${at(ports.etcdPeer)}`,
        `--initial-advertise-peer-urls=https://${at(ports.etcdPeer)}`,
        `--initial-cluster=aml-inference=https://${at(ports.etcdPeer)}`,
        `--cert-file=${pki("etcd.pem")}`,
        `--key-file=${pki("etcd.key")}`,
        `--trusted-ca-file=${pki("etcd-ca.pem")}`,
        "--client-cert-auth",
        `--peer-cert-file=${pki("etcd.pem")}`,
        `--peer-key-file=${pki("etcd.key")}`,
        `--peer-trusted-ca-file=${pki("etcd-ca.pem")}`,
        "--peer-client-cert-auth",
        "--auto-compaction-mode=periodic",
        "--auto-compaction-retention=10m",
        "--logger=zap",
        "--log-level=warn",
      ],
    },
    { name: "containerd", program: "containerd", args: ["--config", config("containerd.toml")] },
    kubernetes("kube-apiserver", { host: network.nodeIp, port: ports.etcdClient }, [
      `--bind-address=${network.nodeIp}`,
      `--advertise-address=${network.nodeIp}`,
      `--secure-port=${ports.apiServer}`,
      `--etcd-servers=https://${at(ports.etcdClient)}`,
      `--etcd-cafile=${pki("etcd-ca.pem")}`,
      `--etcd-certfile=${pki("apiserver-etcd.pem")}`,
      `--etcd-keyfile=${pki("apiserver-etcd.key")}`,
      `--tls-cert-file=${pki("apiserver.pem")}`,
      `--tls-private-key-file=${pki("apiserver.key")}`,
      `--client-ca-file=${pki("ca.pem")}`,
      `--kubelet-client-certificate=${pki("apiserver-kubelet.pem")}`,
      `--kubelet-client-key=${pki("apiserver-kubelet.key")}`,
      `--kubelet-certificate-authority=${pki("ca.pem")}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${pki("service-account.pub")}`,
      `--service-account-signing-key-file=${pki("service-account.key")}`,
      `--service-cluster-ip-range=${network.serviceRange}`,
      "--profiling=false",
    ]),
    kubernetes("kube-controller-manager", apiServer, [
      `--bind-address=${network.nodeIp}`,
      `--secure-port=${ports.controllerManager}`,
      `--kubeconfig=${config("kube-controller-manager.kubeconfig")}`,
      `--authentication-kubeconfig=${config("kube-controller-manager.kubeconfig")}`,
      `--authorization-kubeconfig=${config("kube-controller-manager.kubeconfig")}`,
      "--use-service-account-credentials",
      `--root-ca-file=${pki("ca.pem")}`,
      `--service-account-private-key-file=${pki("service-account.key")}`,
      `--service-cluster-ip-range=${network.serviceRange}`,
      "--leader-elect=false",
      "--profiling=false",
    ]),
    kubernetes("kube-scheduler", apiServer, [
      `--bind-address=${network.nodeIp}`,
      `--secure-port=${ports.scheduler}`,
      `--kubeconfig=${config("kube-scheduler.kubeconfig")}`,
      `--authentication-kubeconfig=${config("kube-scheduler.kubeconfig")}`,
      `--authorization-kubeconfig=${config("kube-scheduler.kubeconfig")}`,
      "--leader-elect=false",
      "--profiling=false",
    ]),
    kubernetes("kube-proxy", apiServer, [`--config=${config("kube-proxy.json")}`]),
    kubernetes("kubelet", { socket: containerdSocket }, [
      `--config=${config("kubelet.json")}`,
      `--kubeconfig=${config("kubelet.kubeconfig")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${network.nodeIp}`,
    ]),
  ];
}
