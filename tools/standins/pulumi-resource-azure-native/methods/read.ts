/** Read: what Azure has now, and what of it differs from what the program wrote. */
import { type ReadRequest, ReadResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type PropertyMap, stripSecretsOf } from "../../property-value";
import { fromStruct, toStruct } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { toOutputs } from "../core/arm-body";
import { applyDrift } from "../core/diff-properties";
import { toInputShape, withoutEmptyCollections } from "../core/input-shape";
import { parseId, pathInputs, requireResource, type ResourceEntry } from "../core/resource-table";
import { nestedInputs, resourceInputs } from "../io/sdk-types";
import { markSecrets } from "./write";

/**
 * Of the vendor's plugin (`provider.go`, `Read()`): old outputs and new ones are brought into the shape of inputs, and
 * what differs between them is laid over the inputs of the last update. An import has no inputs: they are what Azure
 * answers, without empty collections.
 */
export async function read(request: ReadRequest, context: PluginContext): Promise<ReadResponse> {
  const entry = requireResource(request.getType());
  const id = request.getId();
  const body = await context.client.get(id, entry.apiVersion);
  const response = new ReadResponse();
  // No id: the resource is gone.
  if (!body) return response;
  const outputs = toOutputs(entry, body);
  const marked = fromStruct(request.getInputs());
  const before = stripSecretsOf(fromStruct(request.getProperties()));
  const isImport = Object.keys(marked).length === 0;
  const now = writable(entry, outputs);
  const inputs = isImport
    ? { ...withoutEmptyCollections(now), ...parseId(entry, id) }
    : applyDrift(stripSecretsOf(marked), writable(entry, before), now);
  response.setId(id);
  response.setProperties(toStruct(markSecrets(outputs, marked)));
  response.setInputs(toStruct(markSecrets(inputs, marked)));
  return response;
}

/** The outputs in the shape of inputs; what fills the path comes from the id instead. */
function writable(entry: ResourceEntry, outputs: PropertyMap): PropertyMap {
  const path = pathInputs(entry);
  const members = [...resourceInputs(entry.token)].filter(([name]) => !path.includes(name));
  return toInputShape(outputs, new Map(members), nestedInputs);
}
