// Reads how many replicas an endpoint's versions want and have.
import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../contracts/model-endpoint/model-endpoint";

/** By version: the replicas that its Deployment wants, and those that are ready. */
export type Replicas = Readonly<
  Record<string, { readonly wanted: number; readonly ready: number }>
>;

/** Reads the versions' Deployments once. */
export async function readReplicas(kubeconfigPath: string, endpoint: string): Promise<Replicas> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfigPath);
  const deployments = await kubeConfig
    .makeApiClient(AppsV1Api)
    .listDeploymentForAllNamespaces({ labelSelector: `${ENDPOINT_LABEL}=${endpoint}` });
  return Object.fromEntries(
    deployments.items.map(({ metadata, spec, status }) => [
      metadata?.labels?.[VERSION_LABEL] ?? "",
      { wanted: spec?.replicas ?? 0, ready: status?.readyReplicas ?? 0 },
    ]),
  );
}
