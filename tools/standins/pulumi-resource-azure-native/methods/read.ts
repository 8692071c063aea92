/** Read: what Azure has now, and what of it differs from what the program wrote. */
import { type ReadRequest, ReadResponse } from "@pulumi/pulumi/proto/provider_pb";
import { stripSecretsOf } from "../../property-value";
import { fromStruct, toStruct } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { toInputShape, toOutputs } from "../core/arm-body";
import { applyDrift } from "../core/diff-properties";
import { parseId, requireResource } from "../core/resource-table";
import { sdkInputs } from "../io/sdk-inputs";
import { markSecrets } from "./write";

export async function read(request: ReadRequest, context: PluginContext): Promise<ReadResponse> {
  const entry = requireResource(request.getType());
  const id = request.getId();
  const body = await context.client.get(id, entry.apiVersion);
  const response = new ReadResponse();
  // No id: the resource is gone.
  if (!body) return response;
  const outputs = toOutputs(entry, body);
  const names = sdkInputs(entry.token);
  const marked = fromStruct(request.getInputs());
  const before = stripSecretsOf(fromStruct(request.getProperties()));
  const isImport = Object.keys(marked).length === 0;
  const now = toInputShape(outputs, names);
  const inputs = isImport
    ? { ...now, ...parseId(entry, id) }
    : applyDrift(stripSecretsOf(marked), toInputShape(before, names), now);
  response.setId(id);
  response.setProperties(toStruct(markSecrets(outputs, marked)));
  response.setInputs(toStruct(markSecrets(inputs, marked)));
  return response;
}
