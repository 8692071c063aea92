// The names of role assignments, which are unique in a tenant (learn.microsoft.com/rest/api/authorization/role-assignments/create).
import { createHash } from "node:crypto";

/** A role of one identity on one resource. */
export interface Right {
  readonly scope: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
}

/** A role assignment in Azure. */
export interface LiveRight extends Right {
  readonly id: string;
  /** A GUID. */
  readonly name: string;
  readonly description: string | undefined;
}

/** Made of what the right is, so that it is the same whoever declares it, in whatever order and spelling. */
export function rightName({ scope, principalId, roleDefinitionId }: Right): string {
  return guidOf(
    [withoutSlash(scope), principalId, roleOf(roleDefinitionId)].join("|").toLowerCase(),
  );
}

/** Whether both give the same. */
export function isSameRight(one: Right, other: Right): boolean {
  return rightName(one) === rightName(other);
}

/**
 * The names that earlier releases gave the resource in Pulumi's state. They made the assignment's name from the owner and
 * the resource's name, and numbered the registries: the live assignment tells which it was.
 */
export function formerNames(prefix: string, { name, description = "" }: LiveRight): string[] {
  const component = description.split("/").at(-1) ?? "";
  const uses = [
    ...["node-subnet", "load-balancer-subnet"],
    ...Array.from({ length: MOST_REGISTRIES }, (_, index) => `pull-${index}`),
  ];
  return uses
    .filter((use) => guidOf(`${description}/${component}-${use}`) === name.toLowerCase())
    .map((use) => `${prefix}-${use}`);
}

const MOST_REGISTRIES = 100;

/** A GUID made from a text: the same text gives the same. */
export function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join("-");
}

function roleOf(roleDefinitionId: string): string {
  return roleDefinitionId.split("/").at(-1) ?? "";
}

function withoutSlash(scope: string): string {
  return scope.replace(/\/+$/, "");
}
