// GPUs: what pods ask for, which nodes offer it, and why no node fits.
import { type KubeObject, type ListedObject } from "./kube-object";
import { repellingTaints, type Taint, taintText, type Toleration, tolerates } from "./tolerations";

/** The resource that NVIDIA's device plugin offers for each GPU of a node. */
export const GPU_RESOURCE = "nvidia.com/gpu";

/** Label of nodes with GPUs of NVIDIA; AKS sets it (learn.microsoft.com/azure/aks/use-nvidia-gpu). */
export const GPU_NODE_LABEL = { name: "accelerator", value: "nvidia" } as const;

/**
 * What keeps other pods from nodes with GPUs: the taint in AKS's documents, which `gpuPool` sets, and the one that
 * NVIDIA's own manifests tolerate.
 */
export const GPU_TOLERATIONS = [
  { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
  { key: GPU_RESOURCE, operator: "Exists", effect: "NoSchedule" },
] as const satisfies readonly Toleration[];

/**
 * The tolerations with those of `GPU_TOLERATIONS` that they don't cover already, and one of another vendor's taint.
 * @param resource what the pods ask for
 */
export function withGpuTolerations(
  given: readonly Toleration[],
  resource: string = GPU_RESOURCE,
): readonly Toleration[] {
  const own = { key: resource, operator: "Exists", effect: "NoSchedule" };
  const wanted = resource.startsWith("nvidia.com/") ? GPU_TOLERATIONS : [...GPU_TOLERATIONS, own];
  const missing = wanted.filter((each) => !given.some((toleration) => covers(toleration, each)));
  return [...given, ...missing];
}

function covers(given: Toleration, wanted: Taint & Toleration): boolean {
  if (wanted.operator === "Exists" && given.operator !== "Exists") return false;
  return tolerates(given, wanted);
}

/** A node, with the fields that decide whether a pod with GPUs fits. */
export interface ListedNode extends ListedObject {
  readonly spec?: { readonly taints?: readonly Taint[] };
  readonly status?: { readonly allocatable?: Readonly<Record<string, string>> };
}

/** Pods with GPUs, of one Deployment. */
export interface GpuPods {
  readonly deployment: string;
  /** What a device plugin offers them as. */
  readonly resource: string;
  /** GPUs of each pod. */
  readonly gpus: number;
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Readonly<Record<string, string>>;
}

interface PodSpec {
  readonly containers?: readonly {
    readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  }[];
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** The pods of a Deployment that ask for GPUs; undefined for any other object. */
export function gpuPodsOf({ kind, metadata, ...object }: KubeObject): GpuPods | undefined {
  if (kind !== "Deployment") return undefined;
  const { template } = (object["spec"] ?? {}) as {
    readonly template?: { readonly spec?: PodSpec };
  };
  const { containers = [], tolerations = [], nodeSelector = {} } = template?.spec ?? {};
  const limits = containers.flatMap(({ resources }) => Object.entries(resources?.limits ?? {}));
  // Resources of Kubernetes' own have no domain.
  const resource = limits.find(([name, count]) => name.includes("/") && Number(count) > 0)?.[0];
  if (resource === undefined) return undefined;
  const gpus = limits
    .filter(([name]) => name === resource)
    .reduce((sum, [, count]) => sum + Number(count), 0);
  return { deployment: metadata.name, resource, gpus, tolerations, nodeSelector };
}

/** Why no node of the cluster can take such a pod, however busy they are; undefined: one can. */
export function whyNoGpuNode(pods: GpuPods, nodes: readonly ListedNode[]): string | undefined {
  const { resource } = pods;
  const gpusOf = ({ status }: ListedNode) => Number(status?.allocatable?.[resource] ?? 0);
  const asks = `Deployment/${pods.deployment} asks for ${pods.gpus} ${resource} per replica`;
  const offering = nodes.filter((node) => gpusOf(node) > 0);
  if (offering.length === 0) {
    return `${asks}, which no node offers: ${whatIsMissing(nodes, resource)}`;
  }
  const large = offering.filter((node) => gpusOf(node) >= pods.gpus);
  if (large.length === 0) {
    return `${asks}, and no node offers more than ${Math.max(...offering.map(gpusOf))}`;
  }
  const selected = large.filter((node) => isSelected(node, pods.nodeSelector));
  if (selected.length === 0) {
    const selector = Object.entries(pods.nodeSelector).map((label) => label.join("="));
    return `${asks}, and no node that offers them has the labels of its nodeSelector, ${selector.join(", ")}`;
  }
  const repelling = selected.map((node) =>
    repellingTaints(node.spec?.taints ?? [], pods.tolerations),
  );
  if (repelling.some((taints) => taints.length === 0)) return undefined;
  const taints = [...new Set(repelling.flat().map(taintText))].join(", ");
  return `${asks}, and every node that offers them has a taint that it doesn't tolerate: give tolerations for ${taints}`;
}

function whatIsMissing(nodes: readonly ListedNode[], resource: string): string {
  if (!resource.startsWith("nvidia.com/")) {
    return "the cluster needs a node pool that has them, and their device plugin on it";
  }
  const { name, value } = GPU_NODE_LABEL;
  const labelled = nodes.filter((node) => node.metadata.labels?.[name] === value);
  return labelled.length === 0
    ? "the cluster needs a node pool with GPUs, and NVIDIA's device plugin on it"
    : `NVIDIA's device plugin must run on the nodes with GPUs (${labelled.length} of ${nodes.length})`;
}

function isSelected(
  { metadata }: ListedNode,
  nodeSelector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(nodeSelector).every(([name, value]) => metadata.labels?.[name] === value);
}
