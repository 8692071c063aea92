/** Check: names made up, the location filled in. */
import { createHash } from "node:crypto";
import { type CheckRequest, CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import { isUnknown, type PropertyMap } from "../../property-value";
import { fromStruct, toStruct, uniqueName } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { CREATE_BEFORE_DELETE } from "../core/diff-properties";
import { requireResource, type ResourceEntry } from "../core/resource-table";

/** Of the vendor's plugin (`provider.go`, `applyDefaults()`). */
export async function check(request: CheckRequest, context: PluginContext): Promise<CheckResponse> {
  const entry = requireResource(request.getType());
  const olds = fromStruct(request.getOlds());
  const news = fromStruct(request.getNews());
  const named = withName(entry, news, olds, request);
  const located = entry.located ? await withLocation(named, olds, context) : named;
  const response = new CheckResponse();
  response.setInputs(toStruct({ azureApiVersion: entry.apiVersion, ...located }));
  return response;
}

/** A name that the plugin makes up is marked: its resource is replaced by making the new one first. */
function withName(
  entry: ResourceEntry,
  news: PropertyMap,
  olds: PropertyMap,
  request: CheckRequest,
): PropertyMap {
  const name = news[entry.nameInput];
  if (name !== undefined && name !== null) return news;
  const kept = olds[entry.nameInput];
  if (typeof kept === "string") {
    const isMadeUp = olds[CREATE_BEFORE_DELETE] === true;
    return { ...news, [entry.nameInput]: kept, ...(isMadeUp ? MADE_UP : {}) };
  }
  const seed = request.getRandomseed_asU8();
  const made = entry.naming === "uuid" ? guidOf(seed) : uniqueName(request.getName(), seed);
  return { ...news, [entry.nameInput]: made, ...MADE_UP };
}

const MADE_UP = { [CREATE_BEFORE_DELETE]: true };

/** Where it was before, where the provider says, where its group is: in this order. */
async function withLocation(
  news: PropertyMap,
  olds: PropertyMap,
  { client, location, subscriptionId }: PluginContext,
): Promise<PropertyMap> {
  if (news["location"] !== undefined) return news;
  const known = olds["location"] ?? location;
  if (known !== undefined) return { ...news, location: known };
  const group = news["resourceGroupName"];
  if (typeof group !== "string") return news;
  // A group that is not known yet makes the location unknown, too.
  if (isUnknown(group)) return { ...news, location: group };
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const found = (await client.get(id, "2024-11-01"))?.["location"];
  return found === undefined ? news : { ...news, location: found };
}

function guidOf(seed: Uint8Array): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
