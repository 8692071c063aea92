// Desired and live settings of a WorkspaceCompute.
import { type CloudName } from "../../azure/core/azure-access";
import { digestOf } from "../../values/digest";
import { type Drift } from "../../values/drift";

export type ComputeType = "Kubernetes" | "AKS";

export interface InstanceType {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

export interface ComputeIdentity {
  readonly type: "None" | "SystemAssigned" | "UserAssigned" | "SystemAssigned,UserAssigned";
  readonly userAssignedIdentityIds?: readonly string[];
}

export interface ComputeSsl {
  readonly status?: "Disabled" | "Enabled" | "Auto";
  readonly cname?: string;
  readonly certificatePem?: string;
  readonly privateKeyPem?: string;
  readonly leafDomainLabel?: string;
  readonly overwriteExistingDomain?: boolean;
}

/** The inputs after `check`. Azure's value stays where a setting is undefined. */
export interface ComputeSettings {
  readonly workspaceId: string;
  readonly computeName: string;
  readonly clusterId: string;
  readonly computeType: ComputeType;
  readonly cloud: CloudName;
  readonly timeoutMinutes: number;
  readonly namespace?: string;
  readonly defaultInstanceType?: string;
  readonly instanceTypes?: Readonly<Record<string, InstanceType>>;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: ComputeIdentity;
  readonly clusterPurpose?: string;
  readonly loadBalancerType?: string;
  readonly loadBalancerSubnet?: string;
  readonly ssl?: ComputeSsl;
}

/** The settings in Pulumi's state. */
export interface WorkspaceComputeInputs extends ComputeSettings {
  /** Drift that a refresh found. `check` sets none, so that a preview shows the correction. */
  readonly drift: Drift;
}

/** The part of `@azure/arm-machinelearning`'s ComputeResource that this package uses. */
export interface LiveCompute {
  readonly id?: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: {
    readonly type?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>>;
  };
  readonly properties?: {
    readonly computeType?: string;
    readonly resourceId?: string;
    readonly description?: string;
    readonly provisioningState?: string;
    readonly isAttachedCompute?: boolean;
    readonly createdOn?: Date;
    readonly properties?: Readonly<Record<string, unknown>>;
  };
}

/** Immutable properties: they identify the attachment. */
export const IDENTIFYING = ["workspaceId", "computeName", "clusterId", "computeType"] as const;

/** Properties of Kubernetes computes only: a v1 compute can change only TLS and load balancer (azureml-semantics, row 14). */
export const KUBERNETES_ONLY = [
  "namespace",
  "defaultInstanceType",
  "instanceTypes",
  "description",
  "tags",
  "identity",
] as const;

/** Properties of v1 computes only. */
export const AKS_ONLY = [
  "clusterPurpose",
  "loadBalancerType",
  "loadBalancerSubnet",
  "ssl",
] as const;

const IN_PROGRESS_STATES = ["creating", "updating", "deleting", "provisioning"];

/** The resource id of the compute. */
export function computeIdOf({ workspaceId, computeName }: ComputeSettings): string {
  return `${workspaceId}/computes/${computeName}`;
}

/** Digest of the TLS settings, which Azure never returns; empty without TLS settings. */
export function tlsDigest({ ssl }: Pick<ComputeSettings, "ssl">): string {
  if (ssl === undefined || ssl.status === "Disabled") return "";
  return digestOf(ssl);
}

/** Whether an operation on the compute is in progress. */
export function isUnderWay(live: LiveCompute): boolean {
  return IN_PROGRESS_STATES.includes((live.properties?.provisioningState ?? "").toLowerCase());
}

/** Whether the last operation on the compute failed, was canceled or ended in an unknown state. */
export function isBroken(live: LiveCompute): boolean {
  const state = live.properties?.provisioningState ?? "Succeeded";
  return state.toLowerCase() !== "succeeded" && !isUnderWay(live);
}
