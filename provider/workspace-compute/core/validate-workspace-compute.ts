// WorkspaceCompute's `check`: adds defaults, and reports all argument errors at once.
import { type AzureSettings, defaultCloud, endpointError } from "../../../azure/core/azure-access";
import { withoutNulls } from "../../../values/without";
import { checkFailures, type CheckFailure } from "../../engine/core/check-failures";
import { COMPUTE_ARGUMENTS } from "../../../validation/compute/compute-arguments";
import { type WorkspaceComputeInputs } from "../../../validation/compute/compute-settings";
import {
  validateCompute,
  validateComputeChange,
} from "../../../validation/compute/validate-compute";

/**
 * Adds defaults and validates; the inputs match their type only when there are no failures.
 * @param today the time at which certificates must be valid
 */
export function validateWorkspaceCompute(
  olds: object,
  given: object,
  settings: AzureSettings,
  today: Date,
): { inputs: WorkspaceComputeInputs; failures: CheckFailure[] } {
  const cloud = defaultCloud(settings);
  const { computeType, timeoutMinutes, namespace } = COMPUTE_ARGUMENTS;
  const inputs: Record<string, unknown> = {
    ...{ computeType: computeType.default, timeoutMinutes: timeoutMinutes.default },
    ...(cloud.ok ? { cloud: cloud.name } : {}),
    ...withoutNulls(given),
    drift: {},
  };
  if (inputs["computeType"] === "Kubernetes") inputs["namespace"] ??= namespace.default;
  const endpoint = endpointError(settings);
  const errors = [
    ...(cloud.ok || "cloud" in inputs ? [] : [cloud.error]),
    ...(endpoint === undefined ? [] : [endpoint]),
    ...validateCompute(inputs, today),
    ...validateComputeChange(olds, inputs),
  ];
  const failures = checkFailures(errors);
  return { inputs: inputs as unknown as WorkspaceComputeInputs, failures };
}
