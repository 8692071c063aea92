// Plans the cluster's certificates: who signs what, for which names.
import { network, type ClusterSettings } from "./cluster-settings";

export interface CertificatePlan {
  /** File name without ending: NAME.pem and NAME.key. */
  readonly name: string;
  readonly authority: "ca" | "etcd-ca";
  readonly commonName: string;
  /** Kubernetes reads the organization as the user's group. */
  readonly organization?: string;
  readonly usages: readonly ("serverAuth" | "clientAuth")[];
  readonly subjectAltNames?: readonly string[];
}

/** Components that call the API server, and the identities under which its RBAC rules know them. */
export const apiClients = ["kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet"];

/** etcd has an authority of its own: whoever may call the API server may not read its store. */
export function planCertificates({ nodeName }: ClusterSettings): CertificatePlan[] {
  const node = `IP:${network.nodeIp}`;
  const client = (name: string, commonName: string, organization?: string): CertificatePlan => ({
    name,
    authority: "ca",
    commonName,
    ...(organization === undefined ? {} : { organization }),
    usages: ["clientAuth"],
  });
  return [
    {
      name: "etcd",
      authority: "etcd-ca",
      commonName: "etcd",
      usages: ["serverAuth", "clientAuth"],
      subjectAltNames: [node],
    },
    {
      name: "apiserver-etcd",
      authority: "etcd-ca",
      commonName: "kube-apiserver",
      usages: ["clientAuth"],
    },
    {
      name: "apiserver",
      authority: "ca",
      commonName: "kube-apiserver",
      usages: ["serverAuth"],
      subjectAltNames: [
        node,
        `IP:${network.kubernetesServiceIp}`,
        "DNS:kubernetes",
        "DNS:kubernetes.default",
        "DNS:kubernetes.default.svc",
        "DNS:kubernetes.default.svc.cluster.local",
      ],
    },
    {
      name: "kubelet-server",
      authority: "ca",
      commonName: nodeName,
      usages: ["serverAuth"],
      subjectAltNames: [node, `DNS:${nodeName}`],
    },
    client("apiserver-kubelet", "kube-apiserver-kubelet-client", "system:masters"),
    client("admin", "aml-inference-admin", "system:masters"),
    client("kube-controller-manager", "system:kube-controller-manager"),
    client("kube-scheduler", "system:kube-scheduler"),
    client("kube-proxy", "system:kube-proxy"),
    client("kubelet", `system:node:${nodeName}`, "system:nodes"),
  ];
}
