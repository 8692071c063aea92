// The name of a cluster whose program gives none: the component's name, or the name that it had when the cluster was made.
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../values/is-record";
import { MARK_TAG } from "./core/applied-tag";
import { ownerMark } from "./follow-live";
import { openAzure } from "./io/azure-reader";
import { type Asking, lookAt } from "./io/live-objects";

/**
 * A component that is renamed, with an alias, keeps its cluster: the cluster's tag names its owner, and says the new name
 * once the program has run. So the alias may go then.
 */
export function defaultClusterName(
  name: string,
  aliases: readonly string[],
  resourceGroupName: pulumi.Input<string>,
  asking: Asking,
): pulumi.Output<string> {
  return pulumi.output(resourceGroupName).apply(async (group) => {
    const names = { resourceGroupName: group, resourceName: name };
    const seen = await lookAt("azure-native:containerservice:ManagedCluster", names, asking);
    if (seen.kind !== "absent") return name;
    const owners = [name, ...aliases].map(ownerMark);
    const found = await findCluster(group, owners, asking.opts).catch(() => undefined);
    return found ?? name;
  });
}

async function findCluster(
  resourceGroupName: string,
  owners: readonly string[],
  opts: pulumi.InvokeOptions,
): Promise<string | undefined> {
  const read = await openAzure(opts);
  const path = `resourceGroups/${resourceGroupName}/providers/Microsoft.ContainerService/managedClusters`;
  const answer = await read(`${path}?api-version=2025-09-01`);
  const clusters = isRecord(answer) && Array.isArray(answer["value"]) ? answer["value"] : [];
  const found = clusters.filter(isRecord).find(({ tags }) => {
    const mark = isRecord(tags) ? tags[MARK_TAG] : undefined;
    return typeof mark === "string" && owners.includes(mark);
  });
  return typeof found?.["name"] === "string" ? found["name"] : undefined;
}
