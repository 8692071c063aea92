// Deletes a drained pod once more, with so short a grace period that its preStop sleep ends.

import { type ApiClient, describeFailure } from "../../kubernetes/api-client";
import type { PodObject } from "../core/cluster-objects";
import { EARLY_REMOVAL_GRACE_SECONDS } from "../core/decide-early-removal";
import { explainError, log } from "./log";

/** True when the API server took it or the pod is gone; the uid makes sure that it is this pod, not its successor. */
export async function removeEarly(client: ApiClient, pod: PodObject): Promise<boolean> {
  const { name, namespace = "", uid } = pod.metadata;
  try {
    const response = await client.request({
      method: "DELETE",
      path: `/api/v1/namespaces/${namespace}/pods/${name}`,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        gracePeriodSeconds: EARLY_REMOVAL_GRACE_SECONDS,
        preconditions: { uid },
      },
    });
    // 404: gone by itself; 409: the name belongs to another pod by now.
    const settled = response.status < 300 || response.status === 404 || response.status === 409;
    if (!settled) throw new Error(describeFailure(response));
    log("info", "removed a drained pod early", { namespace, pod: name });
    return true;
  } catch (error) {
    log("warning", "a drained pod was not removed early", {
      namespace,
      pod: name,
      why: explainError(error),
    });
    return false;
  }
}
