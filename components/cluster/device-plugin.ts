// NVIDIA's device plugin on the nodes with GPUs: without it, no node offers nvidia.com/gpu to the scheduler.
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { GPU_NODE_LABEL, GPU_TOLERATIONS } from "../../kubernetes/core/gpus";
import { tellCluster } from "../engine/cluster-lifetime";
import { createClusterProvider } from "../engine/cluster-provider";
import { declareObjects } from "../engine/declare-objects";
import { DEVICE_PLUGIN_IMAGE } from "./core/required-egress";

// Names and labels of NVIDIA's own manifest, so that one applied by hand is adopted instead of run beside it.
const NAME = "nvidia-device-plugin-daemonset";
const NAMESPACE = "kube-system";
const LABELS = { name: "nvidia-device-plugin-ds" };

/** Label of nodes on which AKS itself runs a device plugin (learn.microsoft.com/azure/aks/aks-managed-gpu-nodes). */
const MANAGED_LABEL = "kubernetes.azure.com/dcgm-exporter";

const SPOT_TAINT = {
  key: "kubernetes.azure.com/scalesetpriority",
  operator: "Equal",
  value: "spot",
};

/** The kubelet's folder of device plugins. */
const FOLDER = "/var/lib/kubelet/device-plugins";

export interface DevicePluginArgs {
  /** Kubeconfig of the cluster. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Default: NVIDIA's image of the version in AKS's documents. */
  readonly image?: pulumi.Input<string> | undefined;
  /** The GPU pool, among others: the plugin is created after it and removed before it. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * The DaemonSet of NVIDIA's device plugin, on every node with GPUs but those whose plugin AKS manages. It belongs to the
 * cluster component: edits are corrected by `pulumi up`, and a cluster that is deleted takes it along.
 */
export function createDevicePlugin(
  component: pulumi.ComponentResource,
  name: string,
  { kubeconfig, image = DEVICE_PLUGIN_IMAGE, dependsOn }: DevicePluginArgs,
): pulumi.Resource {
  const child = { parent: component, dependsOn: [...dependsOn] };
  const provider = createClusterProvider(name, kubeconfig, child);
  const { object } = declareObjects({
    component,
    kind: "AmlAksCluster",
    name,
    kubeconfig,
    handOverTo: undefined,
    applied: [],
    dependsOn,
  });
  const plugin = new k8s.apps.v1.DaemonSet(
    `${name}-device-plugin`,
    {
      metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
      spec: {
        selector: { matchLabels: LABELS },
        updateStrategy: { type: "RollingUpdate" },
        template: { metadata: { labels: LABELS }, spec: pods(image) },
      },
    },
    { ...object, provider },
  );
  tellCluster(kubeconfig, plugin);
  return plugin;
}

/** As in github.com/NVIDIA/k8s-device-plugin, deployments/static, and learn.microsoft.com/azure/aks/use-nvidia-gpu. */
function pods(image: pulumi.Input<string>): k8s.types.input.core.v1.PodSpec {
  return {
    priorityClassName: "system-node-critical",
    tolerations: [...GPU_TOLERATIONS, { ...SPOT_TAINT, effect: "NoSchedule" }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: GPU_NODE_LABEL.name, operator: "In", values: [GPU_NODE_LABEL.value] },
                { key: MANAGED_LABEL, operator: "DoesNotExist" },
              ],
            },
          ],
        },
      },
    },
    containers: [
      {
        name: "nvidia-device-plugin-ctr",
        image,
        // A node whose driver isn't installed yet is asked again instead of restarting the pod.
        env: [{ name: "FAIL_ON_INIT_ERROR", value: "false" }],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: [{ name: "device-plugin", mountPath: FOLDER }],
      },
    ],
    volumes: [{ name: "device-plugin", hostPath: { path: FOLDER } }],
  };
}
