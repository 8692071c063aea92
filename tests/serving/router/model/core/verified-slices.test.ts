// Addresses in slices, held against the pods of the version: forged ones lead nowhere.
import assert from "node:assert/strict";
import {
  ENDPOINT_LABEL,
  VERSION_LABEL,
} from "../../../../../contracts/model-endpoint/model-endpoint";
import { type EndpointSlice, readPods } from "../../../../../kubernetes/core/endpoint-slice";
import type { ListedObject } from "../../../../../kubernetes/core/kube-object";
import type { ListedPod } from "../../../../../kubernetes/core/workload";
import { buildModel } from "../../../../../serving/router/model/core/build-model";
import {
  PodsByAddress,
  verifiedSlices,
} from "../../../../../serving/router/model/core/verified-slices";
import { endpointOf, sliceOf, versionOf } from "../../../../support/model-endpoints";

const VERSION = {
  namespace: "ns",
  endpoint: "churn",
  version: "blue",
  deploymentName: "churn-blue",
};
const OWNER = { kind: "ReplicaSet", name: "churn-blue-5d9c", uid: "rs-1", controller: true };
const REPLICA_SET: ListedObject = {
  metadata: {
    name: OWNER.name,
    namespace: "ns",
    uid: OWNER.uid,
    ownerReferences: [{ kind: "Deployment", name: "churn-blue", uid: "d-1", controller: true }],
  },
};

const podOf = (
  name: string,
  ip: string,
  metadata: Partial<ListedPod["metadata"]> = {},
  ready = "True",
): ListedPod => ({
  metadata: {
    name,
    namespace: "ns",
    labels: { [ENDPOINT_LABEL]: "churn", [VERSION_LABEL]: "blue" },
    ownerReferences: [OWNER],
    ...metadata,
  },
  status: { podIP: ip, conditions: [{ type: "Ready", status: ready }] },
});

function knownOf(pods: readonly ListedPod[], replicaSets = [REPLICA_SET]) {
  const byAddress = new PodsByAddress();
  for (const pod of pods) byAddress.change(`${pod.metadata.namespace}/${pod.metadata.name}`, pod);
  return {
    podsAt: (namespace: string, address: string) => byAddress.at(namespace, address),
    replicaSet: (namespace: string, name: string) =>
      replicaSets.find(
        ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
      ),
  };
}

/** Ready replicas of the version by name, and the others. */
function replicas(slices: readonly EndpointSlice[], known: ReturnType<typeof knownOf>) {
  const { ready, notReady } = readPods(verifiedSlices(slices, VERSION, known));
  return { ready: Object.fromEntries(ready), notReady: [...notReady] };
}

describe("verifiedSlices()", () => {
  it("keeps the version's own pods, under their own names", () => {
    const slices = sliceOf("churn-blue", { forged: "10.0.0.1:5001" });
    const found = replicas(slices, knownOf([podOf("churn-blue-1", "10.0.0.1")]));
    assert.deepEqual(found, { ready: { "churn-blue-1": "10.0.0.1:5001" }, notReady: [] });
  });

  const none = { ready: {}, notReady: [] };
  const strangers: Readonly<Record<string, ListedPod>> = {
    "of another namespace": podOf("a", "10.0.0.1", { namespace: "other" }),
    "of another endpoint": podOf("a", "10.0.0.1", {
      labels: { [ENDPOINT_LABEL]: "fraud", [VERSION_LABEL]: "blue" },
    }),
    "of another version": podOf("a", "10.0.0.1", {
      labels: { [ENDPOINT_LABEL]: "churn", [VERSION_LABEL]: "green" },
    }),
    "with the labels and no owner": podOf("a", "10.0.0.1", { ownerReferences: [] }),
    "owned by what doesn't control it": podOf("a", "10.0.0.1", {
      ownerReferences: [{ ...OWNER, controller: false }],
    }),
    "that names the ReplicaSet without being its own": podOf("a", "10.0.0.1", {
      ownerReferences: [{ ...OWNER, uid: "made-up" }],
    }),
    "of a ReplicaSet that isn't known": podOf("a", "10.0.0.1", {
      ownerReferences: [{ ...OWNER, name: "else" }],
    }),
  };
  for (const [which, pod] of Object.entries(strangers)) {
    it(`leaves out a pod ${which}`, () => {
      const slices = sliceOf("churn-blue", { a: "10.0.0.1:5001" });
      assert.deepEqual(replicas(slices, knownOf([pod])), none);
    });
  }

  it("leaves out a ReplicaSet of another Deployment, and addresses of no pod", () => {
    const slices = sliceOf("churn-blue", { a: "10.0.0.1:5001", b: "169.254.169.254:80" });
    const owners = [{ kind: "Deployment", name: "churn", uid: "d-2", controller: true }];
    const foreign = { metadata: { ...REPLICA_SET.metadata, ownerReferences: owners } };
    assert.deepEqual(replicas(slices, knownOf([podOf("a", "10.0.0.1")], [foreign])), none);
  });

  it("believes a pod that isn't ready over its slice, and the reverse", () => {
    const pods = [podOf("a", "10.0.0.1", {}, "False"), podOf("b", "10.0.0.2")];
    const slices = sliceOf("churn-blue", { a: "10.0.0.1:5001", b: "10.0.0.2:5001" });
    assert.deepEqual(replicas(slices, knownOf(pods)), {
      ready: { b: "10.0.0.2:5001" },
      notReady: ["a"],
    });
    const leaving = podOf("a", "10.0.0.1", { deletionTimestamp: "2026-01-01T00:00:00Z" });
    assert.deepEqual(replicas(slices, knownOf([leaving])), { ready: {}, notReady: ["a"] });
    const [unready] = sliceOf("churn-blue", { a: undefined });
    assert.ok(unready);
    const own = knownOf([podOf("a", "127.0.0.1")]);
    assert.deepEqual(replicas([unready], own), { ready: {}, notReady: ["a"] });
  });

  it("finds the living one of two pods that had one address", () => {
    const failed = podOf("churn-blue-0", "10.0.0.1", {}, "False");
    const pods = [failed, podOf("churn-blue-1", "10.0.0.1")];
    const slices = sliceOf("churn-blue", { "churn-blue-1": "10.0.0.1:5001" });
    assert.deepEqual(Object.keys(replicas(slices, knownOf(pods)).ready), ["churn-blue-1"]);
  });

  it("decides per version: an endpoint that names another's Service gets none of its pods", () => {
    const victim = endpointOf({
      versions: [versionOf("blue", { serviceName: "s", deploymentName: "churn-blue" })],
    });
    const thief = endpointOf(
      { versions: [versionOf("blue", { serviceName: "s", deploymentName: "churn-blue" })] },
      { name: "thief" },
    );
    const slices = sliceOf("s", { "churn-blue-1": "10.0.0.1:5001" });
    const known = {
      ...knownOf([podOf("churn-blue-1", "10.0.0.1")]),
      ...{ isKnown: () => true, troubleIn: () => undefined, isForbidden: () => false },
    };
    const model = buildModel([victim, thief], slices, new Map(), { replicas: known });
    const count = (id: string) => model.endpoints.get(id)?.versions[0]?.replicas.size;
    assert.deepEqual([count("ns/churn"), count("ns/thief")], [1, 0]);
  });
});

describe("PodsByAddress", () => {
  it("forgets a pod that is gone, and an address that changed", () => {
    const pods = new PodsByAddress();
    pods.change("ns/a", podOf("a", "10.0.0.1"));
    pods.change("ns/a", podOf("a", "10.0.0.2"));
    assert.deepEqual([pods.at("ns", "10.0.0.1").length, pods.at("ns", "10.0.0.2").length], [0, 1]);
    pods.change("ns/a", undefined);
    assert.equal(pods.at("ns", "10.0.0.2").length, 0);
  });
});
