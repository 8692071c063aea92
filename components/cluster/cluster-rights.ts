// Role assignments of a cluster: of its own identity on its network, of its nodes on registries.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAssignment } from "@pulumi/azure-native/authorization";
import {
  getUserAssignedIdentity,
  UserAssignedIdentity,
} from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { unknownBecause } from "../engine/unknown-values";
import { namesIn } from "../../azure/core/azure-id";
import { messageOf } from "../../values/message-of";

// learn.microsoft.com/azure/role-based-access-control/built-in-roles
const ROLES = {
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  privateDnsZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
} as const;

/** Assigns a role on one resource to an identity. */
export function grant(
  name: string,
  role: keyof typeof ROLES,
  scope: pulumi.Input<string>,
  principalId: pulumi.Input<string>,
  subscriptionId: pulumi.Input<string>,
  mark: string,
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  return new RoleAssignment(
    name,
    {
      scope,
      principalId,
      // The same in every run, so that an interrupted one is found again.
      roleAssignmentName: guidOf(`${mark}/${name}`),
      description: mark,
      // Without it Azure looks the principal up, and a new one may not be in the directory yet.
      principalType: "ServicePrincipal",
      roleDefinitionId: pulumi.interpolate`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`,
    },
    opts,
  );
}

function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join("-");
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
    opts,
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
