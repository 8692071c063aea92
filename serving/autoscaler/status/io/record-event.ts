// Records Events about a ModelEndpoint, for `kubectl describe` and `kubectl events`.

import { randomUUID } from "node:crypto";
import { collectionPath } from "../../../../kubernetes/core/object-path";
import { type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import { FIELD_MANAGER } from "../../../../contracts/pods/autoscaler-environment";
import { explainError, log } from "../../../../runtime/log";

/** Kubernetes' limit on the length of an Event's note. */
const MAX_NOTE_LENGTH = 1024;

const EVENTS = { apiVersion: "events.k8s.io/v1", kind: "Event" };

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly action: string;
  readonly reason: string;
  readonly note: string;
}

/** Logs a failure and does not retry: the status has the same information. */
export async function recordEvent(
  client: ApiClient,
  endpoint: ModelEndpoint,
  instance: string,
  event: EventText,
): Promise<void> {
  const { apiVersion, kind, metadata } = endpoint;
  const { name, namespace, uid } = metadata;
  try {
    const response = await client.request({
      method: "POST",
      path: collectionPath({ ...EVENTS, namespace }),
      body: {
        ...EVENTS,
        metadata: { name: `${name}.${randomUUID()}`, namespace },
        eventTime: new Date().toISOString().replace("Z", "000Z"),
        reportingController: FIELD_MANAGER,
        reportingInstance: instance,
        regarding: { apiVersion, kind, name, namespace, uid },
        ...event,
        note: event.note.slice(0, MAX_NOTE_LENGTH),
      },
    });
    if (response.status >= 300) throw new Error(describeFailure(response));
  } catch (error) {
    log("warning", "recording an Event failed", { endpoint: name, why: explainError(error) });
  }
}
