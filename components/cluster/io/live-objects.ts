// Looks up the live objects of the resources that a cluster consists of.
import { getRoleAssignment } from "@pulumi/azure-native/authorization";
import { getAgentPool, getMaintenanceConfiguration } from "@pulumi/azure-native/containerservice";
import { getUserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../../values/is-record";
import { messageOf } from "../../../values/message-of";
import { type Properties } from "../core/compare-live";
import { isSameRight, type LiveRight, type Right, rightName } from "../core/right-name";
import { openAzure } from "./azure-reader";
import { type LookUpCluster } from "./look-up-cluster";

/** How to ask Azure. */
export interface Asking {
  /** Lead to the program's provider. */
  readonly opts: pulumi.InvokeOptions;
  readonly lookUp: LookUpCluster;
}

/**
 * - `live`: as Azure has it.
 * - `absent`: Azure says that there is none.
 * - `unread`: Azure could not be asked.
 */
export type Seen<T> =
  | { readonly kind: "live"; readonly object: T }
  | { readonly kind: "absent" }
  | { readonly kind: "unread"; readonly reason: string };

export type LiveObject = Properties & { readonly id?: string | undefined };

type Names = Readonly<Record<string, string>>;

const LOOKS: Readonly<Record<string, (names: Names, asking: Asking) => Promise<LiveObject>>> = {
  "azure-native:managedidentity:UserAssignedIdentity": async (names, { opts }) => ({
    ...(await getUserAssignedIdentity(named(names), opts)),
  }),
  "azure-native:containerservice:ManagedCluster": async (names, { lookUp }) => ({
    ...(await lookUp(named(names))),
  }),
  "azure-native:containerservice:AgentPool": async (names, { opts }) => {
    const { agentPoolName = "" } = names;
    return { ...(await getAgentPool({ ...named(names), agentPoolName }, opts)) };
  },
  "azure-native:containerservice:MaintenanceConfiguration": async (names, { opts }) => {
    const { configName = "" } = names;
    return { ...(await getMaintenanceConfiguration({ ...named(names), configName }, opts)) };
  },
};

/** Types that `lookAt` knows. */
export function isLooked(type: string): boolean {
  return type in LOOKS;
}

/** Looks at an object by the inputs that name it. */
export async function lookAt(
  type: string,
  names: Names,
  asking: Asking,
): Promise<Seen<LiveObject>> {
  const look = LOOKS[type];
  if (look === undefined) return { kind: "unread", reason: `${type} is never looked up` };
  return seen(() => look(names, asking));
}

function named({ resourceGroupName = "", resourceName = "" }: Names) {
  return { resourceGroupName, resourceName };
}

/** The role assignment that gives a right, whatever its name. */
export async function lookAtRight(
  right: Right,
  { opts }: Pick<Asking, "opts">,
): Promise<Seen<LiveRight>> {
  const listed = await seen(() => listRights(right, opts));
  if (listed.kind !== "live") return listed;
  const found = listed.object.find((each) => isSameRight(each, right));
  if (found !== undefined) return { kind: "live", object: found };
  // A list may lag behind.
  const roleAssignmentName = rightName(right);
  return seen(async () => {
    const live = await getRoleAssignment({ scope: right.scope, roleAssignmentName }, opts);
    return { ...right, id: live.id, name: live.name, description: live.description };
  });
}

/** azure-native has no function that lists them. */
async function listRights(
  { scope, principalId }: Right,
  opts: pulumi.InvokeOptions,
): Promise<LiveRight[]> {
  const read = await openAzure(opts);
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const answer = await read(`${path}?api-version=2022-04-01&$filter=${filter}`);
  const values = isRecord(answer) && Array.isArray(answer["value"]) ? answer["value"] : [];
  return values.filter(isRecord).map((entry) => {
    const properties = isRecord(entry["properties"]) ? entry["properties"] : {};
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    return {
      id: text(entry["id"]),
      name: text(entry["name"]),
      scope: text(properties["scope"]),
      principalId: text(properties["principalId"]),
      roleDefinitionId: text(properties["roleDefinitionId"]),
      description: text(properties["description"]) || undefined,
    };
  });
}

async function seen<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: "live", object: await look() };
  } catch (error) {
    const reason = messageOf(error).replace(/\s+/g, " ").trim();
    return /NotFound|status 404/.test(reason) ? { kind: "absent" } : { kind: "unread", reason };
  }
}
