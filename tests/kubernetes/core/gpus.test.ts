// Pods that ask for GPUs, and the nodes that can take them.
import assert from "node:assert/strict";
import {
  GPU_TOLERATIONS,
  gpuPodsOf,
  type ListedNode,
  whyNoGpuNode,
  withGpuTolerations,
} from "../../../kubernetes/core/gpus";

const [sku, nvidia] = GPU_TOLERATIONS;
const TAINT = { key: "sku", value: "gpu", effect: "NoSchedule" };

function node(
  name: string,
  gpus: number | undefined,
  change: Partial<ListedNode> = {},
): ListedNode {
  const labels = { accelerator: "nvidia", size: "small" };
  const allocatable = {
    cpu: "4",
    ...(gpus === undefined ? {} : { "nvidia.com/gpu": String(gpus) }),
  };
  return { metadata: { name, labels }, status: { allocatable }, ...change };
}

const deployment = (spec: object, limits: object = { "nvidia.com/gpu": "1" }) => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "n" } },
  spec: { template: { spec: { containers: [{ resources: { limits } }], ...spec } } },
});

describe("withGpuTolerations()", () => {
  it("adds what is missing, behind what is given", () => {
    assert.deepEqual(withGpuTolerations([]), [sku, nvidia]);
    const spot = { key: "spot", operator: "Exists" };
    assert.deepEqual(withGpuTolerations([spot]), [spot, sku, nvidia]);
  });

  it("adds a taint of another vendor's, and none of a part of a GPU", () => {
    const own = { key: "amd.com/gpu", operator: "Exists", effect: "NoSchedule" };
    assert.deepEqual(withGpuTolerations([], "amd.com/gpu"), [sku, nvidia, own]);
    assert.deepEqual(withGpuTolerations([], "nvidia.com/mig-1g.5gb"), [sku, nvidia]);
  });

  it("adds nothing that is covered", () => {
    for (const given of [
      [{ operator: "Exists" }],
      [
        { key: "nvidia.com/gpu", operator: "Exists" },
        { key: "sku", value: "gpu" },
      ],
      [nvidia, sku],
    ]) {
      assert.deepEqual(withGpuTolerations(given), given);
      assert.deepEqual(withGpuTolerations(withGpuTolerations(given)), given);
    }
    const narrower = { key: "nvidia.com/gpu", value: "present" };
    assert.deepEqual(withGpuTolerations([narrower, sku]), [narrower, sku, nvidia]);
  });
});

describe("gpuPodsOf()", () => {
  it("reads a Deployment that asks for GPUs, and no other object", () => {
    assert.deepEqual(gpuPodsOf(deployment({ tolerations: [sku], nodeSelector: { a: "b" } })), {
      ...{ deployment: "d", resource: "nvidia.com/gpu", gpus: 1 },
      ...{ tolerations: [sku], nodeSelector: { a: "b" } },
    });
    assert.equal(gpuPodsOf(deployment({}, { cpu: "1" })), undefined);
    const others = gpuPodsOf(deployment({}, { cpu: "1", "amd.com/gpu": "2" }));
    assert.deepEqual([others?.resource, others?.gpus], ["amd.com/gpu", 2]);
    assert.equal(gpuPodsOf({ ...deployment({}), kind: "Service" }), undefined);
    assert.equal(gpuPodsOf({ ...deployment({}), spec: undefined }), undefined);
  });
});

describe("whyNoGpuNode()", () => {
  const resource = "nvidia.com/gpu";
  const pods = { deployment: "d", resource, gpus: 1, tolerations: [sku], nodeSelector: {} };
  const tainted = (taint: object) => ({ spec: { taints: [{ ...TAINT, ...taint }] } });

  it("is silent when a node can take the pod", () => {
    const nodes = [node("cpu", undefined), node("gpu", 1, tainted({}))];
    assert.equal(whyNoGpuNode(pods, nodes), undefined);
  });

  const cases: readonly (readonly [string, Partial<typeof pods>, readonly ListedNode[], RegExp])[] =
    [
      [
        "no GPU pool",
        {},
        [{ metadata: { name: "cpu" } }],
        /asks for 1 nvidia\.com\/gpu per replica, which no node offers: the cluster needs a node pool/,
      ],
      [
        "no device plugin",
        {},
        [node("gpu", undefined), { metadata: { name: "cpu" } }],
        /NVIDIA's device plugin must run on the nodes with GPUs \(1 of 2\)/,
      ],
      [
        "another vendor's device plugin",
        { resource: "amd.com/gpu" },
        [node("gpu", 1)],
        /1 amd\.com\/gpu per replica, which no node offers: .* and their device plugin on it$/,
      ],
      ["a GPU pool whose plugin just starts", {}, [node("gpu", 0)], /device plugin must run/],
      ["too few on each node", { gpus: 4 }, [node("a", 1), node("b", 2)], /offers more than 2/],
      [
        "another label",
        { nodeSelector: { size: "large" } },
        [node("gpu", 1)],
        /labels of its nodeSelector, size=large/,
      ],
      [
        "a taint of one's own",
        {},
        [node("gpu", 1, tainted({ value: "ml" }))],
        /doesn't tolerate: give tolerations for sku=ml:NoSchedule$/,
      ],
    ];
  for (const [what, change, nodes, sentence] of cases) {
    it(`says what is missing: ${what}`, () => {
      assert.match(whyNoGpuNode({ ...pods, ...change }, nodes) ?? "", sentence);
    });
  }
});
