// The body that writes a compute. Azure replaces the whole compute, so live values that the program doesn't set are kept.
import { sslStatus, withoutNullMembers } from "./compare-compute";
import {
  type ComputeSettings,
  type LiveCompute,
} from "../../../validation/compute/compute-settings";
import { type JsonObject } from "../../../values/json-object";

/** Body of `ComputeOperations.beginCreateOrUpdate`. */
export interface ComputeBody {
  readonly location?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly identity?: {
    readonly type: ComputeIdentityType;
    readonly userAssignedIdentities?: Record<string, object>;
  };
  readonly properties: {
    readonly computeType: ComputeSettings["computeType"];
    readonly resourceId: string;
    readonly description?: string;
    readonly properties: JsonObject;
  };
}

type ComputeIdentityType = NonNullable<ComputeSettings["identity"]>["type"];

/**
 * @param live undefined for a new compute
 * @param location region of the workspace, for a new compute
 * @param former settings of the last run: what the program has dropped since is removed
 */
export function computeBody(
  wanted: ComputeSettings,
  live: LiveCompute | undefined,
  location: string,
  former: Partial<ComputeSettings> = {},
): ComputeBody {
  const kept = withoutNullMembers(live ?? {}) as LiveCompute;
  const { description: liveDescription, ...top } = kept.properties ?? {};
  const description =
    wanted.description ?? (former.description === undefined ? liveDescription : undefined);
  const inner = top.properties ?? {};
  return {
    location: kept.location ?? location,
    tags: withoutFormer(kept.tags ?? {}, former.tags, wanted.tags),
    ...identityOf(wanted, kept, former),
    properties: {
      ...top,
      computeType: wanted.computeType,
      resourceId: top.resourceId ?? wanted.clusterId,
      ...(description === undefined ? {} : { description }),
      properties:
        wanted.computeType === "AKS"
          ? { ...inner, ...v1Properties(wanted) }
          : kubernetesProperties(inner, wanted, former),
    },
  };
}

function kubernetesProperties(
  inner: JsonObject,
  wanted: ComputeSettings,
  former: Partial<ComputeSettings>,
): JsonObject {
  const { namespace, defaultInstanceType, instanceTypes } = wanted;
  const properties: Record<string, unknown> = { ...inner, ...set({ namespace }) };
  if (defaultInstanceType !== undefined) properties["defaultInstanceType"] = defaultInstanceType;
  else if (former.defaultInstanceType !== undefined) delete properties["defaultInstanceType"];
  if (instanceTypes !== undefined) properties["instanceTypes"] = withoutNullMembers(instanceTypes);
  else if (former.instanceTypes !== undefined) delete properties["instanceTypes"];
  return properties;
}

function v1Properties({ loadBalancerType, loadBalancerSubnet, ssl }: ComputeSettings): JsonObject {
  const isPublic = loadBalancerType === "PublicIp";
  return {
    ...set({ loadBalancerType, loadBalancerSubnet }),
    // A subnet belongs to an internal load balancer only.
    ...(isPublic ? { loadBalancerSubnet: undefined } : {}),
    ...(ssl === undefined ? {} : { sslConfiguration: sslConfiguration(ssl) }),
  };
}

function sslConfiguration(ssl: NonNullable<ComputeSettings["ssl"]>): JsonObject {
  const { cname, certificatePem: cert, privateKeyPem: key } = ssl;
  const { leafDomainLabel, overwriteExistingDomain } = ssl;
  const status = sslStatus(ssl);
  return set({ status, cert, key, cname, leafDomainLabel, overwriteExistingDomain });
}

function identityOf(
  { identity }: ComputeSettings,
  live: LiveCompute,
  former: Partial<ComputeSettings>,
): Pick<ComputeBody, "identity"> {
  const desired =
    identity ?? (former.identity === undefined ? undefined : { type: "None" as const });
  if (desired === undefined) {
    return live.identity === undefined
      ? {}
      : { identity: live.identity as NonNullable<ComputeBody["identity"]> };
  }
  const ids = "userAssignedIdentityIds" in desired ? (desired.userAssignedIdentityIds ?? []) : [];
  if (ids.length === 0) return { identity: { type: desired.type } };
  const userAssignedIdentities = Object.fromEntries(ids.map((id) => [id, {}]));
  return { identity: { type: desired.type, userAssignedIdentities } };
}

function withoutFormer(
  live: Readonly<Record<string, string>>,
  former: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const foreign = Object.entries(live).filter(([name]) => !(name in former));
  return { ...Object.fromEntries(foreign), ...wanted };
}

function set(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
