// Reads of Azure Resource Manager that azure-native has no function for, with the provider's own credential.
import { getClientConfig, getClientToken } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { findAccess } from "../../../azure/io/find-access";
import { isRecord } from "../../../values/is-record";

/**
 * One GET: of the provider's subscription, e.g. `providers/Microsoft.Compute/skus?…`, or of a resource id, which begins
 * with a slash.
 */
export type ReadAzure = (path: string) => Promise<unknown>;

/** Milliseconds for all reads of one reader: the longest that a preview waits. */
const PATIENCE_MS = 10_000;

/**
 * A reader. Throws when Azure can't be queried: no login, no network, or no answer in time.
 * @param opts lead to the provider
 */
export async function openAzure(opts: pulumi.InvokeOptions): Promise<ReadAzure> {
  const [{ token }, { subscriptionId }] = await Promise.all([
    getClientToken({}, opts),
    getClientConfig(opts),
  ]);
  // The SDK promises a token, but Pulumi's mocks, in the unit tests of programs, have none.
  if (!token) throw new Error("the provider gave no token");
  // Loaded on demand: it takes a tenth of a second.
  const rest = await import("@azure/core-rest-pipeline");
  const pipeline = rest.createPipelineFromOptions({ retryOptions: { maxRetryDelayInMs: 2000 } });
  const client = rest.createDefaultHttpClient();
  const abortSignal = AbortSignal.timeout(PATIENCE_MS);
  const headers = rest.createHttpHeaders({ authorization: `Bearer ${token}` });
  const get = async (url: string): Promise<unknown> => {
    const request = rest.createPipelineRequest({ url, abortSignal, headers });
    const { status, bodyAsText } = await pipeline.sendRequest(client, request);
    if (status !== 200) throw new Error(`${url} was answered with status ${status}`);
    return JSON.parse(bodyAsText ?? "") as unknown;
  };
  const config = new pulumi.Config("azure-native");
  const { endpoint } = findAccess({
    config: (key) => config.get(key.replace("azure-native:", "")),
  });
  return async (path) => {
    const first = await get(
      path.startsWith("/")
        ? `${endpoint}${path}`
        : `${endpoint}/subscriptions/${subscriptionId}/${path}`,
    );
    let page = first;
    const values: unknown[] = valuesOf(first);
    // Only from the same endpoint: the token must not be sent elsewhere.
    for (let next = nextOf(page); next?.startsWith(`${endpoint}/`) === true; next = nextOf(page)) {
      page = await get(next);
      values.push(...valuesOf(page));
    }
    return page === first || !isRecord(first) ? first : { ...first, value: values };
  };
}

function nextOf(page: unknown): string | undefined {
  const next = isRecord(page) ? page["nextLink"] : undefined;
  return typeof next === "string" && next !== "" ? next : undefined;
}

function valuesOf(page: unknown): unknown[] {
  const values = isRecord(page) ? page["value"] : undefined;
  return Array.isArray(values) ? [...(values as unknown[])] : [];
}
