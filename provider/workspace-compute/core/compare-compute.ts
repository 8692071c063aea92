// Compares a live compute with the desired settings, by property.
import {
  type ComputeIdentity,
  type ComputeSettings,
  type InstanceType,
  isBroken,
  type LiveCompute,
} from "../../../validation/compute/compute-settings";
import { isRecord, recordOf } from "../../../values/is-record";
import { type JsonObject } from "../../../values/json-object";

type Settings = Partial<ComputeSettings>;

/** The instance type that Azure and the extension create in every cluster. */
const BUILT_IN_INSTANCE_TYPE = "defaultinstancetype";

/**
 * Paths of the properties that differ. Properties that the program omits are Azure's to fill, and tags that it doesn't
 * name belong to others. Azure never returns a certificate or its key, so these aren't compared.
 * @param former settings of the last run: properties that the program has dropped since must be removed
 */
export function compareCompute(
  live: LiveCompute,
  wanted: Settings,
  former: Settings = {},
): readonly string[] {
  const { properties: top = {}, tags = {}, identity } = live;
  const inner: JsonObject = top.properties ?? {};
  const text = (property: "namespace" | "defaultInstanceType" | "description", value: unknown) =>
    differs(wanted[property], former[property], value) ? [property] : [];
  return [
    ...(isBroken(live) ? ["provisioningState"] : []),
    ...text("namespace", inner["namespace"]),
    ...text("description", top.description),
    ...text("defaultInstanceType", inner["defaultInstanceType"]),
    ...compareInstanceTypes(inner["instanceTypes"], wanted.instanceTypes, former.instanceTypes),
    ...namesOf(wanted.tags, former.tags)
      .filter((name) => differs(wanted.tags?.[name], former.tags?.[name], tags[name]))
      .map((name) => `tags.${name}`),
    ...compareIdentity(identity, wanted.identity, former.identity),
    ...(["loadBalancerType", "loadBalancerSubnet"] as const).filter(
      (property) => wanted[property] !== undefined && wanted[property] !== inner[property],
    ),
    ...compareSsl(inner["sslConfiguration"], wanted.ssl),
  ];
}

/** The state, with live values for the properties that differ. */
export function withLiveValues<S extends Settings>(
  state: S,
  live: LiveCompute,
  paths: readonly string[],
): S {
  const { properties: top = {}, tags = {} } = live;
  const inner: JsonObject = top.properties ?? {};
  const values: Record<string, unknown> = { ...state };
  for (const path of paths) {
    const [property = "", name = ""] = split(path);
    if (property === "tags" || property === "instanceTypes") {
      const source: JsonObject = property === "tags" ? tags : recordOf(inner["instanceTypes"]);
      const kept: Record<string, unknown> = { ...recordOf(values[property]) };
      if (isSet(source[name])) kept[name] = withoutNullMembers(source[name]);
      else delete kept[name];
      values[property] = kept;
    } else if (property === "description") values[property] = top.description ?? undefined;
    else if (property === "identity") values[property] = identityFrom(live);
    else if (property in inner) values[property] = inner[property] ?? undefined;
  }
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as unknown as S;
}

/** The value without null members: Azure returns null for what isn't set. */
export function withoutNullMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullMembers);
  if (!isRecord(value) || value instanceof Date) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(set.map(([name, member]) => [name, withoutNullMembers(member)]));
}

function split(path: string): readonly [string, string] {
  const at = path.indexOf(".");
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at + 1)];
}

function differs(wanted: unknown, former: unknown, live: unknown): boolean {
  return wanted === undefined ? former !== undefined && isSet(live) : wanted !== live;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function namesOf(...objects: readonly (JsonObject | undefined)[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object ?? {})))];
}

type InstanceTypes = Readonly<Record<string, InstanceType>>;

function compareInstanceTypes(
  value: unknown,
  wanted: InstanceTypes | undefined,
  former: InstanceTypes | undefined,
): string[] {
  if (wanted === undefined && former === undefined) return [];
  const live = recordOf(value);
  return namesOf(wanted ?? {}, former, wanted === undefined ? {} : live)
    .filter((name) => {
      const desired = wanted?.[name];
      if (desired !== undefined) return !contains(live[name], desired);
      return isSet(live[name]) && name !== BUILT_IN_INSTANCE_TYPE;
    })
    .map((name) => `instanceTypes.${name}`);
}

/** Whether the live value contains every desired member; members that Azure adds don't count. */
function contains(live: unknown, desired: unknown): boolean {
  if (!isRecord(desired)) return live === desired;
  const present = recordOf(live);
  return Object.entries(desired).every(
    ([name, value]) => value === undefined || contains(present[name], value),
  );
}

function compareIdentity(
  live: LiveCompute["identity"],
  wanted: ComputeIdentity | undefined,
  former: ComputeIdentity | undefined,
): string[] {
  if (wanted === undefined && former === undefined) return [];
  const key = (type: string | undefined, ids: readonly string[]) =>
    JSON.stringify([(type ?? "None").replace(/\s/g, ""), ids.map((id) => id.toLowerCase()).sort()]);
  const desired = key(wanted?.type, wanted?.userAssignedIdentityIds ?? []);
  const ids = Object.keys(live?.userAssignedIdentities ?? {});
  return desired === key(live?.type, ids) ? [] : ["identity"];
}

function identityFrom({ identity }: LiveCompute): ComputeIdentity | undefined {
  if (identity?.type === undefined) return undefined;
  const ids = Object.keys(identity.userAssignedIdentities ?? {});
  const type = identity.type.replace(/\s/g, "") as ComputeIdentity["type"];
  return ids.length === 0 ? { type } : { type, userAssignedIdentityIds: ids };
}

function compareSsl(value: unknown, wanted: ComputeSettings["ssl"]): string[] {
  if (wanted === undefined) return [];
  const live = recordOf(value);
  const status = sslStatus(wanted);
  const paths = (live["status"] ?? "Disabled") === status ? [] : ["ssl.status"];
  if (status === "Enabled" && live["cname"] !== wanted.cname) paths.push("ssl.cname");
  // The service has been observed to omit the label from its response (azureml-semantics, section 1.5).
  const label = live["leafDomainLabel"];
  if (status === "Auto" && isSet(label) && label !== wanted.leafDomainLabel) {
    paths.push("ssl.leafDomainLabel");
  }
  return paths;
}

/** Azure's status for the TLS settings (azureml-semantics, row 12). */
export function sslStatus(ssl: NonNullable<ComputeSettings["ssl"]>): string {
  if (ssl.status === "Disabled") return "Disabled";
  return ssl.leafDomainLabel === undefined ? "Enabled" : "Auto";
}
