// Assesses a live compute: one sentence for each reason why it can't get the desired settings.
import { parseAzureId, sameAzureId, WORKSPACE } from "../../../azure/core/azure-id";
import { sslStatus } from "./compare-compute";
import {
  type ComputeSettings,
  type LiveCompute,
} from "../../../validation/compute/compute-settings";

/** Another compute that attaches the same cluster. */
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

/** Why the compute can't get the desired settings; undefined when it can. */
export function assessCompute(live: LiveCompute, wanted: ComputeSettings): string | undefined {
  const { computeType, resourceId, properties: inner = {} } = live.properties ?? {};
  const subject = nameCompute(wanted);
  if (computeType !== wanted.computeType) {
    const remedy =
      computeType === "AKS"
        ? 'give computeType "AKS" to adopt it, or detach it first'
        : "choose another computeName";
    return `${subject} exists with computeType "${computeType ?? ""}", not "${wanted.computeType}": ${remedy}`;
  }
  if (resourceId !== undefined && !sameAzureId(resourceId, wanted.clusterId)) {
    return `${subject} is attached to ${resourceId}, not to ${wanted.clusterId}: detach it first, or choose another computeName`;
  }
  const purpose = inner["clusterPurpose"];
  if (wanted.clusterPurpose !== undefined && purpose !== wanted.clusterPurpose) {
    return `clusterPurpose can't be changed: it is "${wanted.clusterPurpose}", and ${subject} has "${String(purpose)}"`;
  }
  const isInternal =
    (wanted.loadBalancerType ?? inner["loadBalancerType"]) === "InternalLoadBalancer";
  if (isInternal && wanted.ssl !== undefined && sslStatus(wanted.ssl) === "Auto") {
    return `ssl.leafDomainLabel must be left out: ${subject} is behind an internal load balancer, which needs your own certificate`;
  }
  return undefined;
}

/** Why the live compute isn't the recorded one: it has another type or another cluster; undefined when it is. */
export function assessForeign(live: LiveCompute, known: ComputeSettings): string | undefined {
  const { computeType, resourceId } = live.properties ?? {};
  const isOther = resourceId !== undefined && !sameAzureId(resourceId, known.clusterId);
  if (!isOther && computeType === known.computeType) return undefined;
  return `${nameCompute(known)} now belongs to somebody else: computeType "${computeType ?? ""}", attached to ${resourceId ?? "nothing"}`;
}

/** Why a missing compute can't be created; undefined when it can. */
export function assessAbsent(wanted: ComputeSettings): string | undefined {
  if (wanted.computeType !== "AKS") return undefined;
  return (
    `${nameCompute(wanted)} doesn't exist, and Azure makes no new computes of type AKS: ` +
    'use computeType "Kubernetes", with the Azure Machine Learning extension on the cluster'
  );
}

/** Why a write would lose the certificate: a write replaces the whole compute, and Azure doesn't return the key. */
export function assessWrite(
  live: LiveCompute | undefined,
  { ssl, ...wanted }: ComputeSettings,
): string | undefined {
  const present = live?.properties?.properties?.["sslConfiguration"] as
    { readonly status?: string } | null | undefined;
  if (ssl !== undefined || present?.status !== "Enabled") return undefined;
  return (
    `ssl must be given: ${nameCompute(wanted)} has its own certificate, an update writes the whole compute, ` +
    "and Azure doesn't return the certificate and key to write again"
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
 * Whether this attachment gives way to a concurrent one: the oldest is kept or, at the same age, the one whose id sorts
 * first. Every run decides alike.
 */
export function givesWay(own: OtherAttachment, others: readonly OtherAttachment[]): boolean {
  return others.some((other) => rank(other) < rank(own));
}

function rank({ id, createdOn }: OtherAttachment): string {
  return `${createdOn?.toISOString() ?? ""} ${id.toLowerCase()}`;
}
