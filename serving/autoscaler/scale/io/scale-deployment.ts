// Sets a Deployment's replica count through its scale subresource.

import { explainError } from "../../../../runtime/log";
import { objectPath } from "../../../../kubernetes/core/object-path";
import { type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";
import type { ListedDeployment } from "../../../../kubernetes/core/workload";

export type ScaleOutcome =
  | { readonly outcome: "scaled" }
  /** The replicas changed, the Deployment was deleted, or `mayWrite` returned false: decide again. */
  | { readonly outcome: "overtaken" }
  | { readonly outcome: "failed"; readonly message: string };

interface Scale {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec: { readonly replicas?: number };
}

/** Maximum number of writes per change: status updates change the resourceVersion while replicas start. */
const MAX_ATTEMPTS = 4;

/**
 * PUTs with the resourceVersion that the decision was based on. Retries a conflict when the replicas did not change.
 * @param mayWrite checked before every write
 */
export async function scaleDeployment(
  client: ApiClient,
  deployment: ListedDeployment,
  replicas: number,
  mayWrite: () => boolean,
): Promise<ScaleOutcome> {
  const { name, namespace = "", resourceVersion = "", uid } = deployment.metadata;
  const locator = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  const path = objectPath(locator, name, "scale");
  const expectedReplicas = deployment.spec?.replicas ?? 1;
  let currentVersion = resourceVersion;
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (!mayWrite()) return { outcome: "overtaken" };
      const written = await client.request({
        method: "PUT",
        path,
        body: {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name, namespace, uid, resourceVersion: currentVersion },
          spec: { replicas },
        },
      });
      if (written.status === 200) return { outcome: "scaled" };
      if (written.status === 404) return { outcome: "overtaken" };
      if (written.status !== 409) {
        return { outcome: "failed", message: describeFailure(written) };
      }
      const current = await client.request({ method: "GET", path });
      if (current.status === 404) return { outcome: "overtaken" };
      if (current.status !== 200) return { outcome: "failed", message: describeFailure(current) };
      const { metadata, spec } = current.body as Scale;
      if ((spec.replicas ?? 0) !== expectedReplicas) return { outcome: "overtaken" };
      currentVersion = metadata.resourceVersion;
    }
    return { outcome: "failed", message: `${MAX_ATTEMPTS} conflicts with other writers` };
  } catch (error) {
    return { outcome: "failed", message: explainError(error) };
  }
}
