// Adopts what an interrupted run created and could not record.
//
// When a run is killed after Azure accepted a create, the state does not have the resource, and azure-native refuses to
// create what exists. Our resources carry a mark of their stack: what has it is imported instead of created.
import { getRoleAssignment } from "@pulumi/azure-native/authorization";
import { getAgentPool, getMaintenanceConfiguration } from "@pulumi/azure-native/containerservice";
import { getUserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { canBecome, isSame } from "../../validation/cluster/cluster-replacement";
import { type LookUpCluster } from "./io/look-up-cluster";

/** Name of the tag that carries the mark. */
export const MARK_TAG = "aml-inference";

/** The owner of a resource: `project/stack/component`. */
export function ownerMark(name: string): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
}

/** A live resource that could be adopted. */
interface Found {
  readonly id: string | undefined;
  readonly mark: string | undefined;
  /** Whether it can become what the program asks for without being replaced. Default: always. */
  readonly fits?: (wanted: object) => boolean;
}

type Properties = Readonly<Record<string, string>>;

interface Asking {
  readonly opts: pulumi.InvokeOptions;
  readonly lookUp: LookUpCluster;
}

type Finder = (properties: Properties, asking: Asking) => Promise<Found>;

const FINDERS: Readonly<Record<string, Finder>> = {
  "azure-native:managedidentity:UserAssignedIdentity": async (given, { opts }) => {
    const live = await getUserAssignedIdentity(named(given), opts);
    return { ...tagged(live), fits: (wanted) => isSame(live, wanted, "location") };
  },
  "azure-native:containerservice:ManagedCluster": async (given, { lookUp }) => {
    const live = await lookUp(named(given));
    return { ...tagged(live), fits: (wanted) => canBecome(live, wanted) };
  },
  "azure-native:containerservice:AgentPool": async (given, { opts }) => {
    const { agentPoolName = "" } = given;
    // Its name is derived from all immutable properties.
    return tagged(await getAgentPool({ ...named(given), agentPoolName }, opts));
  },
  "azure-native:containerservice:MaintenanceConfiguration": async (given, { opts, lookUp }) => {
    const { configName = "" } = given;
    const [{ id }, cluster] = await Promise.all([
      getMaintenanceConfiguration({ ...named(given), configName }, opts),
      lookUp(named(given)),
    ]);
    // It has no tags: it belongs to whoever owns the cluster.
    return { ...tagged(cluster), id };
  },
  "azure-native:authorization:RoleAssignment": async (given, { opts }) => {
    const { scope = "", roleAssignmentName = "" } = given;
    const live = await getRoleAssignment({ scope, roleAssignmentName }, opts);
    const { id, description: mark } = live;
    return { id, mark, fits: (wanted) => isSame(live, wanted, "principalId") };
  },
};

/** A transform that imports resources with this mark; whatever else exists under their names stays refused. */
export function adoptInterrupted(
  mark: string,
  parent: pulumi.Resource,
  lookUp: LookUpCluster,
): pulumi.ResourceTransform {
  return async ({ type, props, opts }) => {
    const find = FINDERS[type];
    if (find === undefined) return undefined;
    const found = await find(onlyTexts(props), { opts: { parent }, lookUp }).catch(notFound);
    // What is to be replaced must not be imported: the engine refuses the two together.
    if (found?.mark !== mark || found.fits?.(props) === false) return undefined;
    // Where the state has the resource already, an import of the same id does nothing.
    return { props, opts: { ...opts, import: found.id ?? "" } };
  };
}

/** Nothing to adopt: the resource does not exist, or its names are unknown. */
function notFound(): undefined {
  return undefined;
}

function named({ resourceGroupName = "", resourceName = "" }: Properties) {
  return { resourceGroupName, resourceName };
}

function tagged({ id, tags }: { id?: string; tags?: Record<string, string> }): Found {
  return { id, mark: tags?.[MARK_TAG] };
}

/** The known properties: in a preview, others are unknown. */
function onlyTexts(properties: Record<string, unknown>): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
