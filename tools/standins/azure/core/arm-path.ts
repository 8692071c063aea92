/** The parts of an Azure Resource Manager path. */

export interface ArmPath {
  /** The path as sent, without query. */
  readonly text: string;
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  /** What an extension resource (a role assignment) belongs to; empty for all others. */
  readonly scope: string;
  /** `Microsoft.ContainerService/managedClusters/agentPools`; a resource group has `Microsoft.Resources/resourceGroups`. */
  readonly type: string;
  /** The last name; undefined for a collection. */
  readonly name: string | undefined;
  /** The id of the resource that holds this one; undefined at the top. */
  readonly parentId: string | undefined;
  /** The last segment when it is neither a type nor a name: `listKeys` in `…/computes/c/listKeys`. */
  readonly action: string | undefined;
}

/**
 * Takes a path apart: `/subscriptions/S/resourceGroups/G/providers/N/type/name[/type/name…][/action]`.
 *
 * The last `/providers/` counts, since an extension resource has its scope before it. With an odd number of
 * segments after the namespace the last is a collection for a read and an action for `POST`.
 */
export function parseArmPath(text: string, method: string): ArmPath {
  const segments = text.split("/").filter((segment) => segment !== "");
  const subscriptionId = valueAfter(segments, "subscriptions");
  const resourceGroup = valueAfter(segments, "resourcegroups");
  const at = segments.map((segment) => segment.toLowerCase()).lastIndexOf("providers");
  const base = { text, subscriptionId, resourceGroup };
  if (at < 0) {
    const isGroup = segments[2]?.toLowerCase() === "resourcegroups";
    const type = `Microsoft.Resources/${isGroup ? "resourceGroups" : "subscriptions"}`;
    return {
      ...base,
      scope: "",
      type,
      name: resourceGroup,
      parentId: undefined,
      action: undefined,
    };
  }
  const namespace = segments[at + 1] ?? "";
  const rest = segments.slice(at + 2);
  const isAction = method === "POST" && rest.length % 2 === 1;
  const action = isAction ? rest.at(-1) : undefined;
  const pairs = isAction ? rest.slice(0, -1) : rest;
  const types = pairs.filter((_, index) => index % 2 === 0);
  const name = pairs.length % 2 === 0 ? pairs.at(-1) : undefined;
  const holder = name === undefined ? pairs.slice(0, -1) : pairs.slice(0, -2);
  const prefix = `/${segments.slice(0, at + 2).join("/")}`;
  return {
    ...base,
    scope: segments.slice(0, at).join("/"),
    type: [namespace, ...types].join("/"),
    name,
    parentId: holder.length > 0 ? `${prefix}/${holder.join("/")}` : undefined,
    action,
  };
}

/** The id without an action behind it. */
export function resourceId(path: ArmPath): string {
  return path.action === undefined ? path.text : path.text.slice(0, -(path.action.length + 1));
}

/** Ids are compared without regard to case (Resource Manager's rules for names). */
export function idKey(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}

function valueAfter(segments: string[], key: string): string | undefined {
  const at = segments.findIndex((segment) => segment.toLowerCase() === key);
  return at < 0 ? undefined : segments[at + 1];
}
