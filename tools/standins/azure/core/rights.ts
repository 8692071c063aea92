/** Whether an identity has a right, by the role assignments that exist. */
import { idKey } from "./arm-path";
import { objectAt, textAt, type JsonObject } from "./json";
import { assignmentsAtScope } from "./role-assignment-list";
import type { Store } from "./store";

/** Built-in roles (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const ROLES = {
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  privateDnsZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
} as const;

/**
 * The principals of a cluster's own identities; none when it has none or when they are not in the store, where nothing
 * is known of their rights.
 */
export function clusterPrincipals(body: JsonObject, store: Store): string[] {
  const ids = Object.keys(objectAt(body, "identity.userAssignedIdentities"));
  return ids.flatMap((id) => textAt(store.get(id)?.body, "properties.principalId") ?? []);
}

/** True when a principal has one of the roles at the scope or above it. */
export function hasRole(
  store: Store,
  principalId: string,
  scope: string,
  roles: readonly string[],
): boolean {
  const all = store.list("Microsoft.Authorization/roleAssignments");
  const found = assignmentsAtScope(
    all,
    idKey(scope),
    `atScope() and principalId eq '${principalId}'`,
  );
  if (!found.ok) return false;
  return found.assignments.some(({ body }) => {
    const role = textAt(body, "properties.roleDefinitionId")?.split("/").at(-1)?.toLowerCase();
    return role !== undefined && roles.includes(role);
  });
}
