// Finds the Kubernetes cluster that this project's commands and tests use.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { clusterSettings, defaultStateDir, type ClusterSettings } from "./core/cluster-settings";
import { captureOutput } from "../programs";

export type Cluster =
  | { readonly kind: "given"; readonly kubeconfig: string }
  | { readonly kind: "kind" }
  | { readonly kind: "local"; readonly settings: ClusterSettings };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * In this order: the cluster of AML_INFERENCE_KUBECONFIG, kind when a Docker engine answers, else the local
 * Kubernetes. Once a local one runs it stays the choice, so that an engine that starts later changes nothing.
 * AML_INFERENCE_CLUSTER_STATE moves the local one's state folder; only a test in namespaces of its own needs that.
 */
export async function findCluster(env: Environment = process.env): Promise<Cluster> {
  const given = env["AML_INFERENCE_KUBECONFIG"];
  if (given) return { kind: "given", kubeconfig: resolve(given) };
  const moved = env["AML_INFERENCE_CLUSTER_STATE"];
  if (moved) return { kind: "local", settings: clusterSettings(resolve(moved)) };
  const settings = clusterSettings(defaultStateDir);
  if (!existsSync(settings.stateDir) && (await dockerEngineAnswers())) return { kind: "kind" };
  return { kind: "local", settings };
}

/** The command alone says nothing: it exists without an engine too. */
async function dockerEngineAnswers(): Promise<boolean> {
  try {
    await captureOutput("docker", ["version", "--format", "{{.Server.Version}}"], {
      timeoutMs: 5_000,
    });
    return true;
  } catch {
    return false;
  }
}
