// What a live compute makes impossible: a reason for each refusal, as a sentence.
import { parseAzureId, sameAzureId, WORKSPACE } from "../../../azure/core/azure-id";
import { sslStatus } from "./compare-compute";
import {
  type ComputeSettings,
  type LiveCompute,
} from "../../../validation/compute/compute-settings";

/** Another compute that the same cluster is attached as. */
export interface OtherAttachment {
  readonly id: string;
  /** Undefined when Azure doesn't say. */
  readonly createdOn: Date | undefined;
}

/** `compute "aks-prod" of workspace "ws"`. */
export function nameCompute({ computeName, workspaceId }: ComputeSettings): string {
  const workspace = parseAzureId(workspaceId, WORKSPACE)?.name ?? workspaceId;
  return `compute "${computeName}" of workspace "${workspace}"`;
}

/** Why the compute of that name can't become what is wanted; undefined when it can. */
export function assessCompute(live: LiveCompute, wanted: ComputeSettings): string | undefined {
  const { computeType, resourceId, properties: inner = {} } = live.properties ?? {};
  const subject = nameCompute(wanted);
  if (computeType !== wanted.computeType) {
    const remedy =
      computeType === "AKS"
        ? 'give computeType "AKS" to take it over, or detach it first'
        : "take another computeName";
    return `${subject} exists with computeType "${computeType ?? ""}", not "${wanted.computeType}": ${remedy}`;
  }
  if (resourceId !== undefined && !sameAzureId(resourceId, wanted.clusterId)) {
    return `${subject} is attached to ${resourceId}, not to ${wanted.clusterId}: detach it first, or take another computeName`;
  }
  const purpose = inner["clusterPurpose"];
  if (wanted.clusterPurpose !== undefined && purpose !== wanted.clusterPurpose) {
    return `clusterPurpose can't be changed: it is "${wanted.clusterPurpose}", and ${subject} has "${String(purpose)}"`;
  }
  const isInternal =
    (wanted.loadBalancerType ?? inner["loadBalancerType"]) === "InternalLoadBalancer";
  if (isInternal && wanted.ssl !== undefined && sslStatus(wanted.ssl) === "Auto") {
    return `ssl.leafDomainLabel must be left out: ${subject} is behind an internal load balancer, where only a certificate of your own is possible`;
  }
  return undefined;
}

/** What has taken the place of the compute since: another type, or another cluster, which is somebody else's. */
export function assessForeign(live: LiveCompute, known: ComputeSettings): string | undefined {
  const { computeType, resourceId } = live.properties ?? {};
  const isOther = resourceId !== undefined && !sameAzureId(resourceId, known.clusterId);
  if (!isOther && computeType === known.computeType) return undefined;
  return `${nameCompute(known)} is somebody else's by now: computeType "${computeType ?? ""}", attached to ${resourceId ?? "nothing"}`;
}

/** Why a compute that is not there can't be made; undefined when it can. */
export function assessAbsent(wanted: ComputeSettings): string | undefined {
  if (wanted.computeType !== "AKS") return undefined;
  return (
    `${nameCompute(wanted)} doesn't exist, and Azure makes no new computes of type AKS: ` +
    'use computeType "Kubernetes", with the Azure Machine Learning extension on the cluster'
  );
}

/** Why a write would lose TLS: Azure takes the whole compute, and does not give back the key to repeat it. */
export function assessWrite(
  live: LiveCompute | undefined,
  { ssl, ...wanted }: ComputeSettings,
): string | undefined {
  const present = live?.properties?.properties?.["sslConfiguration"] as
    { readonly status?: string } | null | undefined;
  if (ssl !== undefined || present?.status !== "Enabled") return undefined;
  return (
    `ssl must be given: ${nameCompute(wanted)} has a certificate of its own, a change writes the compute as a whole, ` +
    "and Azure gives back neither certificate nor key to write again"
  );
}

/** Why a second attachment is refused (azureml-semantics, row 19). */
export function refuseSecond(
  wanted: ComputeSettings,
  others: readonly OtherAttachment[],
): string | undefined {
  if (others.length === 0) return undefined;
  const ids = others.map(({ id }) => id).join(" and ");
  return (
    `cluster ${wanted.clusterId} is attached already, as ${ids}: a second attachment breaks the first; ` +
    `detach that one, or leave out ${nameCompute(wanted)}`
  );
}

/**
 * Whether this attachment is the one that gives way when several were made at the same time: the oldest stays, and of
 * the same age the one whose id comes first. Every run decides alike.
 */
export function givesWay(own: OtherAttachment, others: readonly OtherAttachment[]): boolean {
  return others.some((other) => rank(other) < rank(own));
}

function rank({ id, createdOn }: OtherAttachment): string {
  return `${createdOn?.toISOString() ?? ""} ${id.toLowerCase()}`;
}
