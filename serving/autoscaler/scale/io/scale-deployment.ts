// Writes a Deployment's number of replicas through its scale subresource.

import { explainError } from "../../../../runtime/log";
import { objectPath } from "../../../../kubernetes/core/object-path";
import { type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";
import type { ListedDeployment } from "../../../../kubernetes/core/workload";

export type ScaleOutcome =
  | { readonly outcome: "scaled" }
  /** Somebody else changed the replicas since the decision: decide again on what they are now. */
  | { readonly outcome: "overtaken" }
  | { readonly outcome: "failed"; readonly message: string };

interface Scale {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec: { readonly replicas?: number };
}

/** Reads and writes of one change at most: a Deployment's status moves its resourceVersion while replicas start. */
const MAX_ATTEMPTS = 4;

/** PUTs with the resourceVersion that the decision saw; a conflict about something else than replicas is tried again. */
export async function scaleDeployment(
  client: ApiClient,
  deployment: ListedDeployment,
  replicas: number,
  mayWrite: () => boolean,
): Promise<ScaleOutcome> {
  const { name, namespace = "", resourceVersion = "", uid } = deployment.metadata;
  const locator = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  const path = objectPath(locator, name, "scale");
  const seen = deployment.spec?.replicas ?? 1;
  let version = resourceVersion;
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (!mayWrite()) return { outcome: "overtaken" };
      const written = await client.request({
        method: "PUT",
        path,
        body: {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name, namespace, uid, resourceVersion: version },
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
      if ((spec.replicas ?? 0) !== seen) return { outcome: "overtaken" };
      version = metadata.resourceVersion;
    }
    return { outcome: "failed", message: `changed by others ${MAX_ATTEMPTS} times meanwhile` };
  } catch (error) {
    return { outcome: "failed", message: explainError(error) };
  }
}
