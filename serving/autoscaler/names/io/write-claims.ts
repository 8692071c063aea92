// Writes the claims of names into their ConfigMap.
import {
  NAMES_CONFIG_MAP,
  type NamesConfigMap,
} from "../../../../contracts/model-endpoint/name-claims";
import { FIELD_MANAGER } from "../../../../contracts/pods/autoscaler-environment";
import { collectionPath, objectPath } from "../../../../kubernetes/core/object-path";
import { type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";
import { explainError } from "../../../../runtime/log";

/** Returns why it failed. A ConfigMap that was changed meanwhile is a failure: the claims are planned anew. */
export async function writeClaims(
  client: ApiClient,
  namespace: string,
  current: NamesConfigMap | undefined,
  data: Readonly<Record<string, string | null>>,
): Promise<string | undefined> {
  const locator = { apiVersion: "v1", kind: "ConfigMap", namespace };
  const isNew = current === undefined;
  try {
    const response = await client.request({
      method: isNew ? "POST" : "PATCH",
      path: isNew ? collectionPath(locator) : objectPath(locator, NAMES_CONFIG_MAP),
      query: { fieldManager: FIELD_MANAGER },
      ...(isNew ? {} : { contentType: "application/merge-patch+json" }),
      body: isNew
        ? {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: NAMES_CONFIG_MAP, namespace },
            data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)),
          }
        : { metadata: { resourceVersion: current.metadata?.resourceVersion }, data },
    });
    return response.status < 300 ? undefined : describeFailure(response);
  } catch (error) {
    return explainError(error);
  }
}
