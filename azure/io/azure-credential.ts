// The credential for Azure: a client's secret from the settings, else what @azure/identity finds without a prompt.
import {
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
} from "@azure/identity";
import { type AzureAccess } from "../core/azure-access";

/** A new credential, without a cached token. */
export function credentialFor({ authority, isOwnAuthority, client }: AzureAccess): TokenCredential {
  const options = { authorityHost: authority, disableInstanceDiscovery: isOwnAuthority };
  return client === undefined
    ? new DefaultAzureCredential(options)
    : new ClientSecretCredential(client.tenantId, client.clientId, client.clientSecret, options);
}
