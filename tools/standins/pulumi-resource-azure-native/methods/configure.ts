/** Configure: which subscription, where, and as whom. */
import { type ConfigureRequest, ConfigureResponse } from "@pulumi/pulumi/proto/provider_pb";
import { stripSecretsOf } from "../../property-value";
import { fromStruct } from "../../resource-plugin";
import { option, type PluginContext } from "../context";
import { ArmClient } from "../io/arm-client";
import { signIn } from "../io/sign-in";

/** The variable that leads the stand-in plugin to the stand-in Azure. */
const ENDPOINT_VARIABLE = "AML_INFERENCE_AZURE_ENDPOINT";

export function configure(request: ConfigureRequest, signal: AbortSignal): PluginContext {
  const config = stripSecretsOf(fromStruct(request.getArgs()));
  const endpoint = process.env[ENDPOINT_VARIABLE];
  if (!endpoint) {
    throw new Error(
      `the stand-in for the azure-native plugin speaks to the stand-in Azure only: set ${ENDPOINT_VARIABLE}`,
    );
  }
  const subscriptionId = option(config, "subscriptionId", "ARM_SUBSCRIPTION_ID");
  if (!subscriptionId) {
    throw new Error("azure-native:subscriptionId is required: set it or ARM_SUBSCRIPTION_ID");
  }
  const tenantId = option(config, "tenantId", "ARM_TENANT_ID") ?? "";
  const clientId = option(config, "clientId", "ARM_CLIENT_ID") ?? "";
  const clientSecret = option(config, "clientSecret", "ARM_CLIENT_SECRET") ?? "";
  const getToken = signIn({ authority: endpoint, tenantId, clientId, clientSecret });
  return {
    client: new ArmClient({ endpoint, getToken }, signal),
    subscriptionId,
    tenantId,
    clientId,
    location: option(config, "location", "ARM_LOCATION"),
  };
}

/** What the plugin can take. */
export function configureResponse(): ConfigureResponse {
  const response = new ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}
