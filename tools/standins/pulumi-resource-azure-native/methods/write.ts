/** Create and update: one PUT, followed to its end. */
import {
  type CreateRequest,
  CreateResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { containsSecret, makeSecret, type PropertyMap, stripSecretsOf } from "../../property-value";
import { InitFailedError, fromStruct, toStruct } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { toArmBody, toOutputs } from "../core/arm-body";
import { buildId, requireResource, type ResourceEntry } from "../core/resource-table";

/** What exists already is not taken over: the vendor's plugin refuses, too. */
export async function create(
  request: CreateRequest,
  context: PluginContext,
): Promise<CreateResponse> {
  const entry = requireResource(request.getType());
  const properties = fromStruct(request.getProperties());
  const response = new CreateResponse();
  if (request.getPreview()) {
    // What only Azure knows is left out, which makes it unknown to the program.
    response.setProperties(toStruct(properties));
    return response;
  }
  const inputs = stripSecretsOf(properties);
  const id = buildId(entry, inputs, context.subscriptionId);
  if (await context.client.get(id, entry.apiVersion)) {
    throw new Error(`cannot create already existing resource '${id}'`);
  }
  const outputs = await put(entry, id, properties, context);
  response.setId(typeof outputs["id"] === "string" ? outputs["id"] : id);
  response.setProperties(toStruct(outputs));
  return response;
}

export async function update(
  request: UpdateRequest,
  context: PluginContext,
): Promise<UpdateResponse> {
  const entry = requireResource(request.getType());
  const response = new UpdateResponse();
  const news = fromStruct(request.getNews());
  if (request.getPreview()) {
    response.setProperties(toStruct({ ...news, ...stableOutputs(fromStruct(request.getOlds())) }));
    return response;
  }
  const id = buildId(entry, stripSecretsOf(news), context.subscriptionId);
  response.setProperties(toStruct(await put(entry, id, news, context)));
  return response;
}

/** The outputs that no update changes, known in the preview already. */
function stableOutputs(olds: PropertyMap): PropertyMap {
  const stable = Object.entries(olds).filter(([name]) => ["name", "location"].includes(name));
  return Object.fromEntries(stable);
}

/**
 * The resource is read again after the write, since the answer to a PUT may say less (`readAfterWrite()`); when that
 * read fails, the answer has to do.
 *
 * Once Azure has taken the work on, an error must not lose the resource: its state is kept.
 */
async function put(
  entry: ResourceEntry,
  id: string,
  properties: PropertyMap,
  { client }: PluginContext,
): Promise<PropertyMap> {
  const inputs = stripSecretsOf(properties);
  let accepted = false;
  try {
    const body = await client.put(id, entry.apiVersion, toArmBody(entry, inputs), () => {
      accepted = true;
    });
    const seen = await client.get(id, entry.apiVersion).catch(() => undefined);
    return markSecrets(toOutputs(entry, seen ?? body), properties);
  } catch (error) {
    if (!accepted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const seen = await client.get(id, entry.apiVersion).catch(() => undefined);
    const state = markSecrets(seen ? toOutputs(entry, seen) : { ...inputs, id }, properties);
    throw new InitFailedError(`${id}: ${message}`, id, state, [message], properties);
  }
}

/** An output is secret where the input of that name is. */
export function markSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      containsSecret(inputs[name]) ? makeSecret(value) : value,
    ]),
  );
}
