// Entries that nobody declared in lists that an apply merges: which stay for ever, and the object without them.
import assert from "node:assert/strict";
import { type KubeObject, type ManagedFields } from "../../../kubernetes/core/kube-object";
import { correctedObject, surplusPaths } from "../../../kubernetes/core/list-entries";

const isApplier = (manager: string) => manager.startsWith("pulumi-kubernetes");
const http = { name: "http", port: 80, protocol: "TCP", targetPort: 8080 };

const service = (ports: readonly object[], managedFields: readonly ManagedFields[] = []) =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "router", namespace: "n", managedFields },
    spec: { ports },
  }) as KubeObject;
const deployment = (spec: object, managedFields: readonly ManagedFields[] = []) =>
  ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "model", namespace: "n", managedFields },
    spec: { template: { spec } },
  }) as KubeObject;
const owner = (manager: string, operation: string, key: string): ManagedFields => ({
  manager,
  operation,
  fieldsV1: { "f:spec": { "f:ports": { [key]: { ".": {} } } } },
});
const portsOf = ({ spec }: KubeObject) => (spec as { readonly ports: unknown }).ports;
const podOf = ({ spec }: KubeObject) =>
  (spec as { readonly template: { readonly spec: Record<string, unknown> } }).template.spec;

const SSH = { name: "ssh", port: 22, protocol: "TCP" };
const OF_SSH = 'k:{"port":22,"protocol":"TCP"}';

describe("Entries that nobody declared", () => {
  it("are found among a Service's ports: renumbered, with another protocol, added; not when only renamed", () => {
    const found = (ports: readonly object[]) =>
      surplusPaths(service(ports), service([http]), isApplier);
    assert.deepEqual(found([{ ...http, port: 8080 }]), ["spec.ports[8080/TCP]"]);
    assert.deepEqual(found([{ ...http, protocol: "UDP" }]), ["spec.ports[80/UDP]"]);
    assert.deepEqual(found([http, SSH]), ["spec.ports[22/TCP]"]);
    assert.deepEqual(found([{ ...http, name: "web" }]), []);
    assert.deepEqual(found([{ name: "http", port: 80 }]), []);
  });

  const ROWS: readonly (readonly [string, readonly ManagedFields[], boolean])[] = [
    ["the applier alone owns", [owner("pulumi-kubernetes-1", "Apply", OF_SSH)], false],
    [
      "the applier owns, also from a former client-side update",
      [owner("pulumi-kubernetes", "Update", OF_SSH), owner("pulumi-kubernetes-1", "Apply", OF_SSH)],
      false,
    ],
    [
      "somebody else owns, too",
      [owner("kubectl-edit", "Update", OF_SSH), owner("pulumi-kubernetes-1", "Apply", OF_SSH)],
      true,
    ],
    [
      "two appliers own",
      [
        owner("pulumi-kubernetes-1", "Apply", OF_SSH),
        owner("pulumi-kubernetes-2", "Apply", OF_SSH),
      ],
      true,
    ],
    ["nobody owns", [], true],
  ];
  for (const [what, owners, stays] of ROWS) {
    it(`${stays ? "stay" : "go"} with the next apply when ${what.replace(/^/, "it is one that ")}`, () => {
      const found = surplusPaths(service([http, SSH], owners), service([http]), isApplier);
      assert.deepEqual(found, stays ? ["spec.ports[22/TCP]"] : []);
    });
  }

  it("are found among containers and their ports, not among what others may add", () => {
    const declared = deployment({
      containers: [{ name: "model", ports: [{ name: "http", containerPort: 5001 }], env: [] }],
    });
    const live = deployment({
      containers: [
        {
          name: "model",
          ports: [{ name: "http", containerPort: 5002, protocol: "TCP" }],
          env: [{ name: "ADDED", value: "1" }],
        },
        { name: "other" },
      ],
      initContainers: [{ name: "init" }],
    });
    assert.deepEqual(surplusPaths(live, declared, isApplier), [
      "spec.template.spec.containers[model].ports[5002/TCP]",
      "spec.template.spec.containers[other]",
    ]);
  });
});

describe("A corrected object", () => {
  it("has the declared ports, with what Kubernetes filled in and the node port of a renumbered one", () => {
    const live = service([
      { ...http, port: 8080, nodePort: 31000 },
      { ...SSH, nodePort: 31001 },
    ]);
    assert.deepEqual(portsOf(correctedObject(live, service([http]))), [
      { ...http, nodePort: 31000 },
    ]);
    const same = service([{ ...http, targetPort: 1, nodePort: 31000 }]);
    assert.deepEqual(portsOf(correctedObject(same, service([http]))), [
      { ...http, nodePort: 31000 },
    ]);
  });

  it("has the declared containers and keeps what others added to them", () => {
    const container = { name: "model", image: "a", env: [{ name: "OURS", value: "1" }] };
    const added = { name: "ADDED", value: "2" };
    const live = deployment({
      dnsPolicy: "ClusterFirst",
      containers: [
        { ...container, image: "b", env: [added, { name: "OURS", value: "3" }] },
        { name: "other" },
      ],
    });
    assert.deepEqual(podOf(correctedObject(live, deployment({ containers: [container] }))), {
      dnsPolicy: "ClusterFirst",
      containers: [{ ...container, env: [{ name: "OURS", value: "1" }, added] }],
    });
  });

  it("keeps what others added to lists that an apply merges", () => {
    const lists = {
      imagePullSecrets: [{ name: "ours" }, { name: "added" }],
      hostAliases: [{ ip: "198.18.0.1" }, { ip: "198.18.0.2" }],
      topologySpreadConstraints: [
        { topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" },
        { topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" },
      ],
    };
    const declared = Object.fromEntries(
      Object.entries(lists).map(([name, [first]]) => [name, [first]]),
    );
    assert.deepEqual(podOf(correctedObject(deployment(lists), deployment(declared))), lists);
    assert.deepEqual(surplusPaths(deployment(lists), deployment(declared), isApplier), []);
  });

  it("is the live one when nothing differs", () => {
    const live = service([{ ...http, nodePort: 31000 }]);
    assert.deepEqual(correctedObject(live, service([http])), live);
  });
});
