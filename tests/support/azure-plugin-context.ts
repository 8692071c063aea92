// What the stand-in azure-native plugin knows once it is configured for a stand-in Azure.
import { type Azure } from "../../tools/standins/azure";
import {
  ArmClient,
  type PluginContext,
  signIn,
} from "../../tools/standins/pulumi-resource-azure-native";
import { SUBSCRIPTION } from "../tools/standins/azure/azure-clients";

/** Signed in with a client secret. */
export function pluginContext({ endpoint, certificatePem }: Azure): PluginContext {
  const getToken = signIn({
    ...{ authority: endpoint, tenantId: "tenant", clientId: "client", clientSecret: "made-up" },
    certificatePem,
  });
  const access = { endpoint, certificatePem, getToken };
  const client = new ArmClient(access, new AbortController().signal);
  return { client, subscriptionId: SUBSCRIPTION, tenantId: "", clientId: "", location: undefined };
}
