// Azure resource ids: their parts, and whether two name the same resource.
import { textLike } from "../../values/argument-rules";
import { type BesideRule } from "../../values/argument-table";

/** The parts of the id of a resource in a resource group. */
export interface AzureId {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly name: string;
}

export const MANAGED_CLUSTER = "Microsoft.ContainerService/managedClusters";
export const WORKSPACE = "Microsoft.MachineLearningServices/workspaces";
export const USER_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";
export const CONTAINER_REGISTRY = "Microsoft.ContainerRegistry/registries";
export const LOG_ANALYTICS_WORKSPACE = "Microsoft.OperationalInsights/workspaces";
export const PRIVATE_DNS_ZONE = "Microsoft.Network/privateDnsZones";

/** One part, between two slashes. */
const PART = /^[^/?#%\s]+$/;

/**
 * The parts of an id with exactly nine, counted between slashes (azureml-semantics, row 10); undefined when it is of
 * another form or of another type. The words that Azure gives are compared without regard to case.
 */
export function parseAzureId(id: string, type: string): AzureId | undefined {
  const parts = id.split("/");
  const [before, subscriptions, subscriptionId, groups, resourceGroupName, providers] = parts;
  const [namespace, kind, name] = parts.slice(6);
  const words = [subscriptions, groups, providers, namespace, kind].join("/").toLowerCase();
  if (parts.length !== 9 || before !== "" || !subscriptionId || !resourceGroupName || !name) {
    return undefined;
  }
  if (words !== `subscriptions/resourceGroups/providers/${type}`.toLowerCase()) return undefined;
  const named = [subscriptionId, resourceGroupName, name];
  return named.every((part) => PART.test(part))
    ? { subscriptionId, resourceGroupName, name }
    : undefined;
}

/**
 * The same parts of an id that Azure gave, or that is validated elsewhere: of any type, also of a resource in another
 * one, whose name is the last. What an id does not have is empty.
 */
export function namesIn(id: string): AzureId {
  const match = /\/resourceGroups\/([^/]+)\/providers\/.*\/([^/]+)$/i.exec(id);
  const [, , subscriptionId = ""] = id.split("/");
  return { subscriptionId, resourceGroupName: match?.[1] ?? "", name: match?.[2] ?? "" };
}

/** The rule for an id of one type. */
export function azureId<
  const Given extends { readonly required?: boolean; readonly beside?: BesideRule },
>(type: string, given: Given) {
  const form = `/subscriptions/<id>/resourceGroups/<group>/providers/${type}/<name>`;
  const isOfType = (id: string) => parseAzureId(id, type) !== undefined;
  return textLike(`a resource id with nine parts, ${form}`, isOfType, given);
}

/** Resource ids are compared without regard to case. Azure writes null for an unknown id, which equals no other. */
export function sameAzureId(
  left: string | null | undefined,
  right: string | null | undefined,
): boolean {
  return typeof left === "string" && left.toLowerCase() === right?.toLowerCase();
}
