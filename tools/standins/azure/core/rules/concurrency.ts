/** Two writers at once: ETags, and operations under way. */
import type { Refusal } from "../rule";

const ifMatchHolds: Refusal = {
  name: "if-match-holds",
  source:
    "@azure/arm-containerservice models: `eTag` with If-Match and If-None-Match for optimistic concurrency; RFC 9110, 13.1",
  methods: ["PUT", "PATCH", "DELETE"],
  refuse({ request, existing }) {
    const match = request.headers["if-match"];
    const noneMatch = request.headers["if-none-match"];
    const failed =
      (match !== undefined &&
        (existing === undefined ||
          (match !== "*" && match.replaceAll('"', "") !== existing.etag))) ||
      (noneMatch === "*" && existing !== undefined);
    if (!failed) return undefined;
    return {
      status: 412,
      code: "PreconditionFailed",
      message:
        "The condition 'If-Match' or 'If-None-Match' is not met: the resource is not in the state that the caller knows.",
    };
  },
};

const clusterBusy: Refusal = {
  name: "cluster-busy",
  source:
    "learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/operationnotallowed-error: 409 while another operation runs",
  methods: ["PUT", "PATCH", "DELETE"],
  refuse({ request, store }) {
    if (!request.path.type.startsWith("Microsoft.ContainerService/managedClusters"))
      return undefined;
    const [running] = store.running(request.path.text);
    if (!running) return undefined;
    return {
      status: 409,
      code: "OperationNotAllowed",
      message: `Operation is not allowed because there's an in progress ${running.verb} operation on the managed cluster started at ${new Date(running.startedAtMs).toISOString()}. Please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
      retryAfterSeconds: 30,
    };
  },
};

const computeBusy: Refusal = {
  name: "compute-busy",
  source:
    "learn.microsoft.com/azure/machine-learning/v1/how-to-troubleshoot-deployment: 409 while another operation is in progress",
  methods: ["PUT", "PATCH", "DELETE"],
  refuse({ request, store }) {
    if (!/\/workspaces\/computes$/i.test(request.path.type)) return undefined;
    const [running] = store.running(request.path.text);
    if (!running) return undefined;
    return {
      status: 409,
      code: "Conflict",
      message: `Another operation (${running.verb}) is in progress on the compute '${request.path.name ?? ""}'. Try again when it has finished.`,
      retryAfterSeconds: 30,
    };
  },
};

export const concurrencyRules: readonly Refusal[] = [ifMatchHolds, clusterBusy, computeBusy];
