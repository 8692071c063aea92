// Role assignments of a cluster: of its own identity on its network, of its nodes on registries.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAssignment } from "@pulumi/azure-native/authorization";
import {
  getUserAssignedIdentity,
  UserAssignedIdentity,
} from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { valueOrUnknown } from "../engine/known-output";
import { unknownBecause } from "../engine/unknown-values";
import { namesIn } from "../../azure/core/azure-id";
import { messageOf } from "../../values/message-of";
import { UNKNOWN } from "../../values/unknown";
import { rightName } from "./core/right-name";

// learn.microsoft.com/azure/role-based-access-control/built-in-roles
const ROLES = {
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  privateDnsZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
} as const;

/** A role that an identity gets on several resources. */
export interface Grant {
  readonly role: keyof typeof ROLES;
  readonly principalId: pulumi.Input<string>;
  readonly subscriptionId: pulumi.Input<string>;
  /** Whether the identity ends with this component; the rights of any other stay when they are no longer declared. */
  readonly isOwnIdentity: boolean;
}

/**
 * Assigns the role on each resource, named in the state by what it is and not by its place in a list: a list that becomes
 * shorter or changes its order leaves the other rights alone. An id that is unknown in a preview is left out of it.
 * @param use what the names in the state say of the right
 * @returns the role assignments, once the ids are known
 */
export async function grantEach(
  prefix: string,
  use: string,
  scopes: Promise<readonly KnownScope[]>,
  { role, principalId, subscriptionId, isOwnIdentity }: Grant,
  opts: pulumi.CustomResourceOptions,
): Promise<RoleAssignment[]> {
  const roleDefinitionId = pulumi.interpolate`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`;
  const unique = new Map((await scopes).map((each) => [each.id.toLowerCase(), each]));
  return [...unique].map(([key, { id, scope }]) => {
    const name = `${prefix}-${use}-${namesIn(id).name}-${digestOf(key)}`;
    return new RoleAssignment(
      name,
      {
        scope,
        principalId,
        roleAssignmentName: pulumi
          .all([scope, principalId, roleDefinitionId])
          .apply(([on, of, what]) =>
            rightName({ scope: on, principalId: of, roleDefinitionId: what }),
          ),
        // Without it Azure looks the principal up, and a new one may not be in the directory yet.
        principalType: "ServicePrincipal",
        roleDefinitionId,
      },
      {
        ...opts,
        // The name says all that a right is: another one is made before the former goes.
        deleteBeforeReplace: false,
        retainOnDelete: !isOwnIdentity,
        // components/cluster/follow-live.ts takes the names that Azure has; without a login they stay as they are.
        ignoreChanges: ["roleAssignmentName", "description"],
      },
    );
  });
}

/** A resource that a role is assigned on. */
export interface KnownScope {
  readonly id: string;
  /** The same, with the resources that it comes from. */
  readonly scope: pulumi.Input<string>;
}

/** The scopes whose ids are known in this run. */
export async function knownScopes(
  scopes: readonly pulumi.Input<string>[],
): Promise<readonly KnownScope[]> {
  const all = scopes.map(async (scope) => ({
    id: await valueOrUnknown(pulumi.output(scope)),
    scope,
  }));
  return (await Promise.all(all)).filter(({ id }) => id !== UNKNOWN);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 5);
}

export interface ClusterIdentity {
  readonly resource: UserAssignedIdentity;
  /** Looked up only when it is needed. */
  principalId(): pulumi.Output<string>;
}

/** The identity that the cluster acts with: its own, so that roles can be assigned before the cluster is created. */
export function createIdentity(
  name: string,
  args: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
    readonly location: pulumi.Input<string>;
    readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
  },
  opts: pulumi.CustomResourceOptions,
): ClusterIdentity {
  const { resourceGroupName, clusterName, location, tags } = args;
  const resource = new UserAssignedIdentity(
    `${name}-identity`,
    {
      resourceGroupName,
      resourceName: pulumi.interpolate`${clusterName}-identity`,
      location,
      tags,
    },
    // Its name is fixed: the old one goes before the new one can be made.
    { ...opts, deleteBeforeReplace: true },
  );
  return {
    resource,
    // In a preview it is looked up by the id: outputs of a resource that is to be updated are unknown there, and an
    // unknown principal would show its rights as replaced. In an update a new identity may not be found yet.
    principalId: () =>
      pulumi.runtime.isDryRun()
        ? resource.id.apply((id) =>
            findPrincipal(id, resource).catch((error: unknown) =>
              unknownBecause(resource, `the identity can't be read: ${messageOf(error)}`),
            ),
          )
        : resource.principalId,
  };
}

const LOOK_UPS = 5;
const LOOK_UP_PAUSE_MS = 1000;

/** A new identity may be unknown to some of the directory's replicas: a bounded number of look-ups bridges that. */
async function findPrincipal(id: string, parent: pulumi.Resource): Promise<string> {
  const { resourceGroupName, name: resourceName } = namesIn(id);
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await getUserAssignedIdentity({ resourceGroupName, resourceName }, { parent });
      return found.principalId;
    } catch (error) {
      const isNew = error instanceof Error && error.message.includes("ResourceNotFound");
      if (!isNew || attempt >= LOOK_UPS) throw error;
      await sleep(LOOK_UP_PAUSE_MS);
    }
  }
}
