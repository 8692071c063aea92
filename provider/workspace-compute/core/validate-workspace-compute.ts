// What WorkspaceCompute's `check` does: defaults, and every argument error at once.
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
 * Inputs with defaults; they are what their type says once there are no failures.
 * @param today certificates must be valid then
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
