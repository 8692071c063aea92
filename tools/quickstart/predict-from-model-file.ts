// Computes predictions from a model file itself, past the server: what the server's answers are compared with.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { findCluster, kubeconfigOf } from "../cluster";
import { waitUntil } from "../programs";
import { quickstartModelImage, quickstartModelSource } from "../images";

/** Found by this label, the pod of a run that was killed can be removed later. */
const LABEL = { name: "app.kubernetes.io/name", value: "predict-from-model-file" };
const NAMESPACE = "default";

/** Removes the pods that killed runs left. */
export async function removePredictionPods(kubeconfig: string): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  await config.makeApiClient(CoreV1Api).deleteCollectionNamespacedPod({
    namespace: NAMESPACE,
    labelSelector: `${LABEL.name}=${LABEL.value}`,
    gracePeriodSeconds: 0,
  });
}

export interface PredictOptions {
  /** Default: the cluster that `findCluster` finds. */
  readonly kubeconfig?: string;
  /** Default: {@link quickstartModelImage}. */
  readonly image?: string;
  /** Default 300,000: a busy machine takes minutes to load the model's libraries. */
  readonly timeoutMs?: number;
}

/**
 * Runs predict.py on the version's model file in a pod of the model's image; the pod is removed afterwards.
 * @param version the model's version in the image: "1" or "2".
 * @param rows ten numbers each.
 * @returns one prediction per row.
 * @throws Error with the pod's output when it fails or does not end in time.
 */
export async function predictFromModelFile(
  version: "1" | "2",
  rows: readonly (readonly number[])[],
  options: PredictOptions = {},
): Promise<number[]> {
  const config = new KubeConfig();
  config.loadFromFile(options.kubeconfig ?? kubeconfigOf(await findCluster()));
  const api = config.makeApiClient(CoreV1Api);
  const namespace = NAMESPACE;
  const name = `predict-from-model-file-${randomBytes(4).toString("hex")}`;
  const script = readFileSync(join(quickstartModelSource, "predict.py"), "utf8");
  await api.createNamespacedPod({
    namespace,
    body: {
      metadata: { name, labels: { [LABEL.name]: LABEL.value } },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        containers: [
          {
            name: "predict",
            image: options.image ?? quickstartModelImage,
            imagePullPolicy: "IfNotPresent",
            command: [
              ...["python3", "-c", script],
              ...[`azureml-models/diabetes/${version}/model.joblib`, JSON.stringify(rows)],
            ],
          },
        ],
      },
    },
  });
  try {
    let phase: string | undefined;
    const ended = await waitUntil(
      async () => {
        phase = (await api.readNamespacedPod({ namespace, name })).status?.phase;
        return phase === "Succeeded" || phase === "Failed";
      },
      { timeoutMs: options.timeoutMs ?? 300_000, everyMs: 100 },
    );
    if (!ended) throw new Error(`The pod ${name} must end: its phase is ${phase ?? "unknown"}`);
    const output = await api.readNamespacedPodLog({ namespace, name });
    if (phase === "Failed") throw new Error(`predict.py failed: ${output.trim()}`);
    return JSON.parse(output) as number[];
  } finally {
    await api.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
  }
}
