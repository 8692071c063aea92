/** The SDK's flat properties to and from Resource Manager's bodies. */
import { isRecord, type PropertyMap } from "../../property-value";
import { pathInputs, type ResourceEntry } from "./resource-table";

/** What stands beside `properties` in a body; the SDK has it and the properties on one level. */
const ENVELOPE = [
  ...["location", "tags", "identity", "sku", "kind", "zones"],
  ...["extendedLocation", "managedBy", "plan", "eTag", "systemData"],
];

/** Proxy resources have nothing beside `properties`: a pool's tags are a property of it. */
const WITHOUT_ENVELOPE = /:(AgentPool|MaintenanceConfiguration|RoleAssignment|Subnet)$/;

/** Properties whose members have dashes in Azure, and none in the SDK. */
const DASHED = ["autoScalerProfile"];

/** Inputs that the plugin's own `Check` adds, for itself. */
const OF_THE_PLUGIN = ["azureApiVersion", "__createBeforeDelete"];

/** The body of a PUT. */
export function toArmBody(entry: ResourceEntry, inputs: PropertyMap): PropertyMap {
  const path = pathInputs(entry);
  const envelope = WITHOUT_ENVELOPE.test(entry.token) ? [] : ENVELOPE;
  const body: PropertyMap = {};
  const properties: PropertyMap = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (path.includes(name) || OF_THE_PLUGIN.includes(name)) continue;
    if (name === "identity") body[name] = toArmIdentity(value);
    else if (DASHED.includes(name)) properties[name] = renamed(value, withDashes);
    else if (envelope.includes(name)) body[name] = value;
    else properties[name] = value;
  }
  return Object.keys(properties).length === 0 ? body : { ...body, properties };
}

/** The resource's outputs. A property wins over the envelope (`type` of a node pool). */
export function toOutputs(entry: ResourceEntry, body: PropertyMap): PropertyMap {
  const { properties, ...envelope } = body;
  const outputs: PropertyMap = { ...envelope, ...(isRecord(properties) ? properties : {}) };
  for (const name of DASHED) {
    if (name in outputs) outputs[name] = renamed(outputs[name], withoutDashes);
  }
  return { ...outputs, azureApiVersion: entry.apiVersion };
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [rename(name), item]))
    : value;
}

/** `scale-down-unneeded-time` for `scaleDownUnneededTime`. */
function withDashes(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function withoutDashes(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The SDK lists the ids of identities; Resource Manager has a map. */
function toArmIdentity(identity: unknown): unknown {
  if (!isRecord(identity) || !Array.isArray(identity["userAssignedIdentities"])) return identity;
  const ids = identity["userAssignedIdentities"].map(String);
  return { ...identity, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}
