// What is wrong with a kubeconfig, without showing anything of it.
import { UNKNOWN } from "../../values/unknown";
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { type ArgumentProblem } from "../../values/argument-problem";
import { validateText } from "../../values/plain-values";

export function validateKubeconfig(path: string, value: unknown): ArgumentProblem[] {
  const problems = validateText(path, value, { secret: true });
  if (problems.length > 0 || typeof value !== "string" || value === UNKNOWN) return problems;
  const read = readKubeConfig(value);
  if (read.ok) return [];
  return [{ path, reason: read.message.replace(/^kubeconfig /, "") }];
}
