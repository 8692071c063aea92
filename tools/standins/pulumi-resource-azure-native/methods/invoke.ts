/** Invoke: the functions of azure-native that the stand-in serves. */
import { type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type PropertyMap, stripSecretsOf } from "../../property-value";
import { fromStruct, toStruct, unimplemented } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { toOutputs } from "../core/arm-body";
import { buildId, requireResource, resourceTable } from "../core/resource-table";
import { ArmCallError } from "../io/https-call";

type Function = (args: PropertyMap, context: PluginContext) => PropertyMap | Promise<PropertyMap>;

const cluster = requireResource("azure-native:containerservice:ManagedCluster");

function listCredentials(action: string): Function {
  return async (args, { client, subscriptionId }) =>
    client.post(`${buildId(cluster, args, subscriptionId)}/${action}`, cluster.apiVersion);
}

const functions: Readonly<Record<string, Function>> = {
  "azure-native:authorization:getClientConfig": (_, context) => ({
    clientId: context.clientId,
    objectId: "",
    subscriptionId: context.subscriptionId,
    tenantId: context.tenantId,
  }),
  "azure-native:authorization:getClientToken": async (_, { client }) => ({
    token: await client.getToken(),
  }),
  "azure-native:containerservice:listManagedClusterUserCredentials": listCredentials(
    "listClusterUserCredential",
  ),
  "azure-native:containerservice:listManagedClusterAdminCredentials": listCredentials(
    "listClusterAdminCredential",
  ),
};

/** `azure-native:m:getThing` reads an `azure-native:m:Thing`; undefined for any other token. */
function lookUp(token: string): Function | undefined {
  const entry = resourceTable.find((each) => each.token === token.replace(/:get(\w+)$/, ":$1"));
  if (!entry || entry.token === token) return undefined;
  return async (args, { client, subscriptionId }) => {
    const id = buildId(entry, args, subscriptionId);
    const body = await client.get(id, entry.apiVersion);
    if (body) return toOutputs(entry, body);
    throw new ArmCallError(404, "ResourceNotFound", `The Resource '${id}' was not found.`);
  };
}

export async function invoke(
  request: InvokeRequest,
  context: PluginContext,
): Promise<InvokeResponse> {
  const call = functions[request.getTok()] ?? lookUp(request.getTok());
  if (!call) {
    throw unimplemented(
      `the stand-in for the azure-native plugin has no function ${request.getTok()}; it has ${Object.keys(functions).join(", ")} and a get of each resource`,
    );
  }
  const response = new InvokeResponse();
  const args = stripSecretsOf(fromStruct(request.getArgs()));
  response.setReturn(toStruct(await call(args, context)));
  return response;
}
