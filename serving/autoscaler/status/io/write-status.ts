// Writes a ModelEndpoint's status by server-side apply when it changed.

import { isDeepStrictEqual } from "node:util";
import { explainError } from "../../../../runtime/log";
import { objectPath } from "../../../../kubernetes/core/object-path";
import { APPLY_PATCH, type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";
import {
  API_VERSION,
  KIND,
  type ModelEndpoint,
  type ModelEndpointStatus,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { FIELD_MANAGER } from "../../../../contracts/pods/autoscaler-environment";

export type StatusOutcome =
  | { readonly outcome: "written" }
  | { readonly outcome: "gone" }
  | { readonly outcome: "failed"; readonly message: string };

/** Whether the endpoint's status differs from the wanted one. */
export function needsWrite(endpoint: ModelEndpoint, wanted: ModelEndpointStatus): boolean {
  return !isDeepStrictEqual(endpoint.status, wanted);
}

/** Sends the uid, so that an endpoint that was deleted and created again is not written: the outcome is `gone`. */
export async function writeStatus(
  client: ApiClient,
  endpoint: ModelEndpoint,
  status: ModelEndpointStatus,
): Promise<StatusOutcome> {
  const { name, namespace, uid } = endpoint.metadata;
  try {
    const response = await client.request({
      method: "PATCH",
      path: objectPath({ apiVersion: API_VERSION, kind: KIND, namespace }, name, "status"),
      query: { fieldManager: FIELD_MANAGER, force: "true" },
      contentType: APPLY_PATCH,
      body: { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace, uid }, status },
    });
    if (response.status === 200) return { outcome: "written" };
    if (response.status === 404 || response.status === 409) return { outcome: "gone" };
    return { outcome: "failed", message: describeFailure(response) };
  } catch (error) {
    return { outcome: "failed", message: explainError(error) };
  }
}
