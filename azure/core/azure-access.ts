// Where Azure is and who calls it: the cloud, its endpoints, and a client's secret from the settings.
import { type ArgumentError } from "../../values/argument-error";

export type CloudName = "public" | "usgovernment" | "china";

/** The endpoints of a cloud. */
export interface Cloud {
  /** Azure Resource Manager. */
  readonly endpoint: string;
  /** Microsoft Entra, which signs in. */
  readonly authority: string;
}

// @azure/arm-containerservice 25.5.0, getArmEndpoint; @azure/identity 4.14.1, AzureAuthorityHosts.
const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  public: {
    endpoint: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
  },
  usgovernment: {
    endpoint: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
  },
  china: {
    endpoint: "https://management.chinacloudapi.cn",
    authority: "https://login.chinacloudapi.cn",
  },
};

export const CLOUD_NAMES = Object.keys(CLOUDS) as readonly CloudName[];

// What the Azure CLI, azure-native and the older SDKs call the same clouds.
const SYNONYMS: Readonly<Record<string, CloudName>> = {
  azurecloud: "public",
  azurepublic: "public",
  azurepubliccloud: "public",
  usgov: "usgovernment",
  azureusgovernment: "usgovernment",
  azureusgovernmentcloud: "usgovernment",
  azurechinacloud: "china",
};

/** The cloud of a name in any tool's words and any case; undefined: there is no such cloud. */
export function cloudNamed(name: string): CloudName | undefined {
  const word = name.toLowerCase();
  return CLOUD_NAMES.find((each) => each === word) ?? SYNONYMS[word];
}

/** The settings of a run: environment variables, and the stack's configuration. */
export interface AzureSettings {
  readonly variable: (name: string) => string | undefined;
  /** A value of the stack's configuration, by its whole name: `azure-native:environment`. */
  readonly config: (key: string) => string | undefined;
}

/** Endpoint of an Azure Resource Manager outside the three clouds, e.g. of Azure Stack Hub. */
const ENDPOINT_VARIABLE = "AML_INFERENCE_AZURE_ENDPOINT";

/** Where to call, and as whom. */
export interface AzureAccess {
  readonly endpoint: string;
  readonly authority: string;
  /** What tokens are asked for. */
  readonly scope: string;
  /** False for the three clouds, whose authorities are known to Microsoft's instance discovery. */
  readonly isOwnAuthority: boolean;
  /** Undefined: what @azure/identity finds. */
  readonly client?: AzureClient;
}

/** An application that signs in with its secret. */
export interface AzureClient {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The cloud that the settings name, `public` when they name none; an error when there is no such cloud. */
export function defaultCloud(
  settings: AzureSettings,
):
  | { readonly ok: true; readonly name: CloudName }
  | { readonly ok: false; readonly error: ArgumentError } {
  const sources = [
    ["azure-native:environment", settings.config("azure-native:environment")],
    ["ARM_ENVIRONMENT", settings.variable("ARM_ENVIRONMENT")],
    ["AZURE_ENVIRONMENT", settings.variable("AZURE_ENVIRONMENT")],
  ] as const;
  const [source, value] = sources.find(([, text]) => text !== undefined && text !== "") ?? [];
  if (source === undefined || value === undefined) return { ok: true, name: "public" };
  const name = cloudNamed(value);
  if (name !== undefined) return { ok: true, name };
  const legal = CLOUD_NAMES.join(", ");
  const reason = `must be one of ${legal}: it is "${value}"`;
  return { ok: false, error: { path: source, reason } };
}

/** What is wrong with the endpoint that the settings name; undefined: nothing, or there is none. */
export function endpointError(settings: AzureSettings): ArgumentError | undefined {
  const value = settings.variable(ENDPOINT_VARIABLE);
  if (!value || /^https:\/\/[^/?#@\s]+\/?$/.test(value)) return undefined;
  return { path: ENDPOINT_VARIABLE, reason: `must be https://<host>: it is "${value}"` };
}

/** Where to call for a cloud, and as whom. */
export function accessFor(cloud: CloudName, settings: AzureSettings): AzureAccess {
  const own = settings.variable(ENDPOINT_VARIABLE)?.replace(/\/+$/, "");
  const host = settings.variable("AZURE_AUTHORITY_HOST");
  const known = Object.values(CLOUDS).find((each) => each.endpoint === own);
  const { endpoint, authority } = own
    ? (known ?? { endpoint: own, authority: own })
    : CLOUDS[cloud];
  const client = clientOf(settings);
  return {
    endpoint,
    authority: host || authority,
    scope: `${endpoint}/.default`,
    isOwnAuthority: Boolean(own) && known === undefined,
    ...(client === undefined ? {} : { client }),
  };
}

// azure-native's order: its configuration, then the variables.
function clientOf(settings: AzureSettings): AzureClient | undefined {
  const either = (key: string, variable: string) =>
    settings.config(`azure-native:${key}`) || settings.variable(variable);
  const tenantId = either("tenantId", "ARM_TENANT_ID");
  const clientId = either("clientId", "ARM_CLIENT_ID");
  const clientSecret = either("clientSecret", "ARM_CLIENT_SECRET");
  return tenantId && clientId && clientSecret ? { tenantId, clientId, clientSecret } : undefined;
}
