// What a WorkspaceCompute is asked to be, and what Azure says it is.
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

/** The inputs after `check`. What is undefined is left as Azure has it. */
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

/** The settings as the state has them. */
export interface WorkspaceComputeInputs extends ComputeSettings {
  /** What a refresh found to differ; `check` writes none, so that a preview shows what will be healed. */
  readonly drift: Drift;
}

/** A compute as the vendor's client gives and takes it, as far as this package looks. */
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

/** Properties that make another attachment. */
export const IDENTIFYING = ["workspaceId", "computeName", "clusterId", "computeType"] as const;

/** Properties that only a Kubernetes compute has: of a v1 compute TLS and load balancer can change (row 14). */
export const KUBERNETES_ONLY = [
  "namespace",
  "defaultInstanceType",
  "instanceTypes",
  "description",
  "tags",
  "identity",
] as const;

/** Properties that only a v1 compute has. */
export const AKS_ONLY = [
  "clusterPurpose",
  "loadBalancerType",
  "loadBalancerSubnet",
  "ssl",
] as const;

const UNDER_WAY = ["creating", "updating", "deleting", "provisioning"];

/** The resource id of the compute. */
export function computeIdOf({ workspaceId, computeName }: ComputeSettings): string {
  return `${workspaceId}/computes/${computeName}`;
}

/** Digest of what Azure takes and never gives back; empty when the program gives nothing of the kind. */
export function tlsDigest({ ssl }: Pick<ComputeSettings, "ssl">): string {
  if (ssl === undefined || ssl.status === "Disabled") return "";
  return digestOf(ssl);
}

/** Whether somebody's operation on the compute is still at work. */
export function isUnderWay(live: LiveCompute): boolean {
  return UNDER_WAY.includes((live.properties?.provisioningState ?? "").toLowerCase());
}

/** Whether the last operation on the compute ended badly, or nobody knows how. */
export function isBroken(live: LiveCompute): boolean {
  const state = live.properties?.provisioningState ?? "Succeeded";
  return state.toLowerCase() !== "succeeded" && !isUnderWay(live);
}
