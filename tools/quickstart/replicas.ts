// Counts the ready replicas of an endpoint's versions.
import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../serving/model-endpoint/model-endpoint";

/** Ready replicas by version. */
export type Replicas = Readonly<Record<string, number>>;

/** Reads the versions' Deployments once. */
export async function readyReplicas(kubeconfigPath: string, endpoint: string): Promise<Replicas> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfigPath);
  const deployments = await kubeConfig
    .makeApiClient(AppsV1Api)
    .listDeploymentForAllNamespaces({ labelSelector: `${ENDPOINT_LABEL}=${endpoint}` });
  return Object.fromEntries(
    deployments.items.map((deployment) => [
      deployment.metadata?.labels?.[VERSION_LABEL] ?? "",
      deployment.status?.readyReplicas ?? 0,
    ]),
  );
}
