// Takes over what an interrupted run made and could not write down.
//
// When a run is killed after Azure took a create on, the state does not have the resource, and azure-native refuses to
// create what exists. Ours carry a mark of their stack: what has it is imported instead of created.
import { getRoleAssignment } from "@pulumi/azure-native/authorization";
import { getAgentPool, getManagedCluster } from "@pulumi/azure-native/containerservice";
import { getUserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";

/** Name of the tag that carries the mark. */
export const MARK_TAG = "aml-inference";

/** Whose a resource is: `project/stack/component`. */
export function ownerMark(name: string): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
}

/** A live resource that could be taken over. */
interface Found {
  readonly id: string;
  readonly mark: string | undefined;
}

type Properties = Readonly<Record<string, string>>;
type Finder = (properties: Properties, opts: pulumi.InvokeOptions) => Promise<Found>;

const FINDERS: Readonly<Record<string, Finder>> = {
  "azure-native:managedidentity:UserAssignedIdentity": async (given, opts) =>
    tagged(await getUserAssignedIdentity(named(given), opts)),
  "azure-native:containerservice:ManagedCluster": async (given, opts) =>
    tagged(await getManagedCluster(named(given), opts)),
  "azure-native:containerservice:AgentPool": async (given, opts) => {
    const { agentPoolName = "" } = given;
    const { id = "", tags } = await getAgentPool({ ...named(given), agentPoolName }, opts);
    return { id, mark: tags?.[MARK_TAG] };
  },
  "azure-native:authorization:RoleAssignment": async (given, opts) => {
    const { scope = "", roleAssignmentName = "" } = given;
    const { id, description } = await getRoleAssignment({ scope, roleAssignmentName }, opts);
    return { id, mark: description };
  },
};

/** A transform for resources with this mark; whatever else exists under their name stays refused. */
export function adoptInterrupted(mark: string, parent: pulumi.Resource): pulumi.ResourceTransform {
  return async ({ type, props, opts }) => {
    const find = FINDERS[type];
    if (find === undefined) return undefined;
    const found = await find(onlyTexts(props), { parent }).catch(notFound);
    if (found?.mark !== mark) return undefined;
    // Where the state has the resource already, an import of the same id does nothing.
    return { props, opts: { ...opts, import: found.id } };
  };
}

/** Not there, or not known well enough to be looked for: there is nothing to take over. */
function notFound(): undefined {
  return undefined;
}

function named({ resourceGroupName = "", resourceName = "" }: Properties) {
  return { resourceGroupName, resourceName };
}

function tagged({ id = "", tags }: { id?: string; tags?: Record<string, string> }): Found {
  return { id, mark: tags?.[MARK_TAG] };
}

/** What is known; in a preview the rest is not there yet. */
function onlyTexts(properties: Record<string, unknown>): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
