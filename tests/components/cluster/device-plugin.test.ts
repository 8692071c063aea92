// The DaemonSet of NVIDIA's device plugin, on Pulumi's mocks.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createDevicePlugin } from "../../../components/cluster/device-plugin";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { runProgram } from "../../support/pulumi-mocks";

class Component extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Component", "prod");
  }
}

const registered = async (image?: string) => {
  const run = await runProgram(() => {
    const component = new Component();
    const plugin = createDevicePlugin(component, "prod", {
      kubeconfig: pulumi.secret(KUBECONFIG),
      image,
      dependsOn: [],
    });
    return { urn: plugin.urn };
  });
  return run.registered;
};

interface DaemonSet {
  readonly metadata: object;
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly tolerations: readonly object[];
  readonly affinity: object;
  readonly containers: readonly { readonly image: string; readonly securityContext: object }[];
}

async function daemonSet(image?: string): Promise<DaemonSet> {
  const found = (await registered(image)).find(({ type }) => type.endsWith(":DaemonSet"));
  assert.ok(found !== undefined);
  return found.inputs as unknown as DaemonSet;
}

describe("createDevicePlugin()", () => {
  it("declares one DaemonSet, guarded and through a provider of its own", async () => {
    const all = (await registered()).map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(all.sort(), [
      "kubernetes:apps/v1:DaemonSet prod-device-plugin",
      "pulumi-nodejs:dynamic/aml-inference:DeclaredObjects prod",
      "pulumi:providers:kubernetes prod",
      "test:index:Component prod",
    ]);
  });

  it("has the name and labels of NVIDIA's manifest, and its owner's mark", async () => {
    const { metadata, spec } = await daemonSet();
    const labels = { name: "nvidia-device-plugin-ds" };
    assert.deepEqual(metadata, {
      name: "nvidia-device-plugin-daemonset",
      namespace: "kube-system",
      labels,
      annotations: { "aml-inference.io/owner": "organization/project/stack AmlAksCluster prod" },
    });
    assert.deepEqual([spec.selector.matchLabels, spec.template.metadata.labels], [labels, labels]);
  });

  it("runs on nodes with GPUs, whatever their taint, but where AKS manages the plugin", async () => {
    const { tolerations, affinity } = (await daemonSet()).spec.template.spec;
    assert.deepEqual(tolerations, [
      { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      {
        ...{ key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot" },
        effect: "NoSchedule",
      },
    ]);
    const matchExpressions = [
      { key: "accelerator", operator: "In", values: ["nvidia"] },
      { key: "kubernetes.azure.com/dcgm-exporter", operator: "DoesNotExist" },
    ];
    const requiredDuringSchedulingIgnoredDuringExecution = {
      nodeSelectorTerms: [{ matchExpressions }],
    };
    assert.deepEqual(affinity, {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution },
    });
  });

  it("runs a pinned image with no rights, or the one that is given", async () => {
    const [container] = (await daemonSet()).spec.template.spec.containers;
    assert.match(container?.image ?? "", /^nvcr\.io\/nvidia\/k8s-device-plugin:v\d+\.\d+\.\d+$/);
    assert.deepEqual(container?.securityContext, {
      ...{ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
    const own = await daemonSet("contoso.azurecr.io/k8s-device-plugin:1");
    assert.equal(
      own.spec.template.spec.containers[0]?.image,
      "contoso.azurecr.io/k8s-device-plugin:1",
    );
  });
});
