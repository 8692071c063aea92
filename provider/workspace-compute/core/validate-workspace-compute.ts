// What WorkspaceCompute's `check` does: defaults, and every input error at once.
import { sentence } from "../../../values/argument-problem";
import { validateCertificatePair } from "../../../validation/certificate/validate-certificate-pair";
import {
  type AzureSettings,
  defaultCloud,
  endpointProblem,
} from "../../../azure/core/azure-access";
import { validateChange, validateCompute } from "../../../validation/compute/validate-compute";
import { validateComputeSsl } from "../../../validation/compute/validate-compute-ssl";
import { type CheckFailure } from "../../../values/check-failures";
import { type JsonObject } from "../../../values/json-object";
import { UNKNOWN } from "../../../values/unknown";
import { type WorkspaceComputeInputs } from "../../../validation/compute/compute-settings";

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
  const news = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const inputs: Record<string, unknown> = {
    ...{ computeType: "Kubernetes", timeoutMinutes: 30 },
    ...(cloud.ok ? { cloud: cloud.name } : {}),
    ...Object.fromEntries(news),
    drift: {},
  };
  if (inputs["computeType"] === "Kubernetes") inputs["namespace"] ??= "default";
  const endpoint = endpointProblem(settings);
  const sentences = [
    ...(cloud.ok || "cloud" in inputs ? [] : [cloud.message]),
    ...(endpoint === undefined ? [] : [endpoint]),
    ...validateCompute(inputs),
    ...validateComputeSsl(inputs["ssl"], inputs["loadBalancerType"]),
    ...validateCertificate(inputs["ssl"], today),
    ...validateChange(olds, inputs),
  ];
  const failures = sentences.map((reason): CheckFailure => ({ property: "", reason }));
  return { inputs: inputs as unknown as WorkspaceComputeInputs, failures };
}

function validateCertificate(ssl: unknown, today: Date): string[] {
  if (typeof ssl !== "object" || ssl === null) return [];
  const given = ssl as JsonObject;
  const known = (name: string) => {
    const value = given[name];
    return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
  };
  const [pem, key] = [known("certificatePem"), known("privateKeyPem")];
  return validateCertificatePair(known("cname"), pem, key, today).map(sentence);
}
