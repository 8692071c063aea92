// Which of Azure's objects the stack's state has.
//
// An import of what the state has under an id in another spelling makes the engine delete it: AKS writes `resourcegroups`
// where azure-native, after a create that failed half-way, keeps `resourceGroups`.
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../../values/is-record";

/** Whether the state has the object, under whatever name of a resource. */
export type IsRecorded = (type: string, id: string) => boolean;

/**
 * Reads the state, through the engine's own provider, as a StackReference does with another stack's.
 * @returns a test that says yes of everything where the state can't be read: nothing is imported then
 */
export async function recordedObjects(): Promise<IsRecorded> {
  try {
    const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    const read: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
      stackName,
    });
    const entries = isRecord(read) && isRecord(read["outputs"]) ? read["outputs"] : undefined;
    if (entries === undefined) return () => true;
    const recorded = Object.values(entries).filter(isRecord);
    return (type, id) => recorded.some((entry) => entry["type"] === type && isObject(entry, id));
  } catch {
    return () => true;
  }
}

const NAMES = ["name", "resourceName", "agentPoolName", "configName", "roleAssignmentName"];

/** By its id; by its name where the create failed before Azure said the id. */
function isObject(entry: Readonly<Record<string, unknown>>, id: string): boolean {
  const outputs = isRecord(entry["outputs"]) ? entry["outputs"] : {};
  const known = outputs["id"];
  if (typeof known === "string") return known.toLowerCase() === id.toLowerCase();
  const last = id.split("/").at(-1)?.toLowerCase();
  return NAMES.map((name) => outputs[name]).some(
    (name) => typeof name === "string" && name.toLowerCase() === last,
  );
}
