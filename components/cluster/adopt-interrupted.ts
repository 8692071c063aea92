// Takes over what an interrupted run made and could not write down.
//
// When a run is killed after Azure took a create on, the state does not have the resource, and azure-native refuses to
// create what exists. Ours carry a mark of their stack: what has it is imported instead of created.
import { getRoleAssignment } from "@pulumi/azure-native/authorization";
import {
  getAgentPool,
  getMaintenanceConfiguration,
  getManagedCluster,
} from "@pulumi/azure-native/containerservice";
import { getUserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../values/is-record";

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
  /** Whether it can become what the program asks for without being replaced. */
  fits(asked: Record<string, unknown>): boolean;
}

type Properties = Readonly<Record<string, string>>;
type Finder = (properties: Properties, opts: pulumi.InvokeOptions) => Promise<Found>;

// A change of one of these replaces a cluster (docs/aml-aks-cluster.md).
const CLUSTER_FIXED = [
  ...["location", "dnsPrefix", "networkProfile.serviceCidr", "networkProfile.dnsServiceIP"],
  ...["networkProfile.podCidr", "networkProfile.outboundType"],
];

const FINDERS: Readonly<Record<string, Finder>> = {
  "azure-native:managedidentity:UserAssignedIdentity": async (given, opts) =>
    tagged(await getUserAssignedIdentity(named(given), opts), ["location"]),
  "azure-native:containerservice:ManagedCluster": async (given, opts) =>
    tagged(await getManagedCluster(named(given), opts), CLUSTER_FIXED),
  "azure-native:containerservice:AgentPool": async (given, opts) => {
    const { agentPoolName = "" } = given;
    // What is fixed is in a pool's name.
    return tagged(await getAgentPool({ ...named(given), agentPoolName }, opts), []);
  },
  "azure-native:containerservice:MaintenanceConfiguration": async (given, opts) => {
    const { configName = "" } = given;
    const [live, { tags }] = await Promise.all([
      getMaintenanceConfiguration({ ...named(given), configName }, opts),
      getManagedCluster(named(given), opts),
    ]);
    // It has no tags: it is whose the cluster is.
    return { id: live.id, mark: tags?.[MARK_TAG], fits: () => true };
  },
  "azure-native:authorization:RoleAssignment": async (given, opts) => {
    const { scope = "", roleAssignmentName = "" } = given;
    const live = await getRoleAssignment({ scope, roleAssignmentName }, opts);
    return { id: live.id, mark: live.description, fits: fitter(live, ["principalId"]) };
  },
};

/** A transform for resources with this mark; whatever else exists under their name stays refused. */
export function adoptInterrupted(mark: string, parent: pulumi.Resource): pulumi.ResourceTransform {
  return async ({ type, props, opts }) => {
    const find = FINDERS[type];
    if (find === undefined) return undefined;
    const given = onlyTexts(props);
    const found = await find(given, { parent }).catch(notFound);
    // What is to be replaced must not be imported: the engine refuses the two together.
    if (found?.mark !== mark || !found.fits(props)) return undefined;
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

function tagged(
  live: { id?: string; tags?: Record<string, string> },
  fixed: readonly string[],
): Found {
  return { id: live.id ?? "", mark: live.tags?.[MARK_TAG], fits: fitter(live, fixed) };
}

/** Compares the texts at the paths that can't change; what is not known yet is no difference. */
function fitter(live: object, fixed: readonly string[]): Found["fits"] {
  return (asked) =>
    fixed.every((path) => {
      const [is, wanted] = [textAt(live, path), textAt(asked, path)];
      return is === undefined || wanted === undefined || is === wanted;
    });
}

function textAt(value: unknown, path: string): string | undefined {
  const found = path
    .split(".")
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
  return typeof found === "string" ? found : undefined;
}

/** What is known; in a preview the rest is not there yet. */
function onlyTexts(properties: Record<string, unknown>): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
