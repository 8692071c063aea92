// The fields of Deployments, ReplicaSets, Pods and Events that describe a roll-out.
import { type KubeObject, type ListedObject } from "./kube-object";

export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: PodTemplate;
    readonly [field: string]: unknown;
  };
  readonly status?: DeploymentStatus;
}

/** A Deployment as lists and watches return it, with the fields that a scaler reads. */
export interface ListedDeployment extends ListedObject {
  readonly spec?: { readonly replicas?: number; readonly template?: PodTemplate };
  readonly status?: DeploymentStatus;
}

/** A pod template, with the fields that tell one from another. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec?: {
    readonly containers?: readonly { readonly image?: string }[];
    readonly [field: string]: unknown;
  };
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly conditions?: readonly Condition[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A ReplicaSet; the revision annotation identifies the newest. */
export interface ReplicaSet extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly template?: PodTemplate };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface Pod extends KubeObject {
  readonly status?: PodStatus<ContainerStatus>;
}

/** A Pod as lists and watches return it, with the fields that a scaler reads. */
export interface ListedPod extends ListedObject {
  readonly status?: PodStatus<ListedContainer> & {
    readonly podIPs?: readonly { readonly ip: string }[];
  };
}

interface PodStatus<Container> {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly podIP?: string;
  /** Of each family. */
  readonly podIPs?: readonly { readonly ip?: string }[];
  readonly conditions?: readonly Condition[];
  readonly initContainerStatuses?: readonly Container[];
  readonly containerStatuses?: readonly Container[];
}

export interface ContainerStatus extends ListedContainer {
  readonly image: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly lastState?: ContainerState;
}

export interface ListedContainer {
  readonly name: string;
  readonly ready?: boolean;
  readonly state?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: unknown;
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
  };
}

export interface Event extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly uid?: string; readonly name?: string };
}

/** The pod's addresses, of each family. */
export function addressesOf({ status }: ListedPod): readonly string[] {
  const all = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)];
  return [...new Set(all.filter((address) => address !== undefined))];
}

/** Whether a pod is ready and isn't being deleted. */
export function isReadyPod(pod: ListedPod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    (pod.status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True")
  );
}
