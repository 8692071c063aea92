// What is wrong with a kubeconfig, without showing anything of it.
import { UNKNOWN } from "../provider/core/unknown";
import { readKubeConfig } from "../provider/io/kube-config";
import { type ArgumentProblem } from "../provider/core/argument-problem";
import { checkText } from "./plain-values";

export function checkKubeconfig(path: string, value: unknown): ArgumentProblem[] {
  const problems = checkText(path, value, { secret: true });
  if (problems.length > 0 || typeof value !== "string" || value === UNKNOWN) return problems;
  const read = readKubeConfig(value);
  if (read.ok) return [];
  return [{ path, reason: read.message.replace(/^kubeconfig /, "") }];
}
