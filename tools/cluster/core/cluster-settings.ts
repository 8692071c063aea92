// Where a local cluster keeps its files and which names and addresses it uses.
import { createHash } from "node:crypto";
import { join } from "node:path";

/** The state folder of the machine's one local cluster. */
export const defaultStateDir = "/var/lib/aml-inference";

/** All addresses come from 198.18.0.0/15, which no real network may use (RFC 2544), and from loopback. */
export const network = {
  /** The node's address, on an interface of its own: kubelet refuses loopback addresses. */
  nodeIp: "198.18.0.1",
  nodeInterface: "aml-node",
  podBridge: "aml-pods",
  serviceRange: "198.18.64.0/18",
  /** The first address of `serviceRange`: Kubernetes gives it to the Service `default/kubernetes`. */
  kubernetesServiceIp: "198.18.64.1",
  podRange: "198.19.0.0/20",
  podGateway: "198.19.0.1",
} as const;

/** The addresses of `LoadBalancer` Services: 127.0.10.1 to 127.0.10.254. */
export const loadBalancerAddresses = Array.from(
  { length: 254 },
  (_, index) => `127.0.10.${index + 1}`,
);

/** The ports of the components, all on the node's address. */
export const ports = {
  apiServer: 6443,
  etcdClient: 2379,
  etcdPeer: 2380,
  controllerManager: 10257,
  scheduler: 10259,
  kubelet: 10250,
  kubeletHealth: 10248,
  proxyHealth: 10256,
  proxyMetrics: 10249,
} as const;

export interface ClusterSettings {
  readonly stateDir: string;
  /** The name of the cgroup that holds all pods, below the root of every hierarchy. */
  readonly cgroup: string;
  readonly nodeName: string;
  /** The administrator's kubeconfig, mode 0600. */
  readonly kubeconfig: string;
  readonly pkiDir: string;
  readonly configDir: string;
  readonly logDir: string;
  /** One line of /proc/PID/stat and the boot id: who the supervisor is. */
  readonly supervisorIdentity: string;
  /** What the supervisor last wrote about its components. */
  readonly supervisorStatus: string;
  /** What this machine had before the cluster changed it. */
  readonly machineRecord: string;
  readonly containerdSocket: string;
}

/**
 * The settings of the cluster whose state is in `stateDir`.
 * Two clusters can share a machine only in different network namespaces: their addresses are the same.
 */
export function clusterSettings(stateDir: string = defaultStateDir): ClusterSettings {
  const suffix =
    stateDir === defaultStateDir
      ? ""
      : `-${createHash("sha256").update(stateDir).digest("hex").slice(0, 8)}`;
  return {
    stateDir,
    cgroup: `aml-inference${suffix}`,
    nodeName: "aml-inference",
    kubeconfig: join(stateDir, "kubeconfig"),
    pkiDir: join(stateDir, "pki"),
    configDir: join(stateDir, "config"),
    logDir: join(stateDir, "log"),
    supervisorIdentity: join(stateDir, "supervisor.identity"),
    supervisorStatus: join(stateDir, "supervisor.json"),
    machineRecord: join(stateDir, "machine.json"),
    containerdSocket: join(stateDir, "containerd.sock"),
  };
}
