// Who calls Azure: a client's secret from the settings, else whatever @azure/identity finds without asking a person.
import {
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
} from "@azure/identity";
import { type AzureAccess } from "../core/azure-access";

/** A new credential, which knows no token yet. */
export function credentialFor({ authority, isOwnAuthority, client }: AzureAccess): TokenCredential {
  const options = { authorityHost: authority, disableInstanceDiscovery: isOwnAuthority };
  return client === undefined
    ? new DefaultAzureCredential(options)
    : new ClientSecretCredential(client.tenantId, client.clientId, client.clientSecret, options);
}
