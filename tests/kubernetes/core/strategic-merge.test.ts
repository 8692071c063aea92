// Strategic merge patches of pod templates, by the examples of Kubernetes' documents and by their properties.
import assert from "node:assert/strict";
import fc from "fast-check";
import { findPatchProblems, mergePodTemplate } from "../../../kubernetes/core/strategic-merge";

type Json = Readonly<Record<string, unknown>>;
const specOf = (template: Json, patch: Json) =>
  mergePodTemplate({ spec: template }, { spec: patch })["spec"];

const nginx = { name: "patch-demo-ctr", image: "nginx" };
const redis = { name: "patch-demo-ctr-2", image: "redis" };
const dedicated = { effect: "NoSchedule", key: "dedicated", value: "test-team" };

/** What Kubernetes' documents show, and the rules of its design document. */
const EXAMPLES: readonly (readonly [what: string, template: Json, patch: Json, merged: Json])[] = [
  [
    "a container is added, before those that are there",
    { containers: [nginx], tolerations: [dedicated] },
    { containers: [redis] },
    { containers: [redis, nginx], tolerations: [dedicated] },
  ],
  [
    "tolerations are replaced",
    { containers: [nginx], tolerations: [dedicated] },
    { tolerations: [{ effect: "NoSchedule", key: "disktype", value: "ssd" }] },
    { containers: [nginx], tolerations: [{ effect: "NoSchedule", key: "disktype", value: "ssd" }] },
  ],
  [
    "a container is changed by its name, its other fields stay",
    { containers: [redis, nginx] },
    { containers: [{ name: "patch-demo-ctr", image: "nginx:2" }] },
    { containers: [redis, { name: "patch-demo-ctr", image: "nginx:2" }] },
  ],
  [
    "$patch: delete removes an entry",
    { containers: [redis, nginx] },
    { containers: [{ $patch: "delete", name: "patch-demo-ctr" }] },
    { containers: [redis] },
  ],
  [
    "$patch: replace as an entry replaces the list",
    { containers: [redis, nginx] },
    { containers: [{ $patch: "replace" }, { name: "only", image: "one" }] },
    { containers: [{ name: "only", image: "one" }] },
  ],
  [
    "$patch: replace in an object replaces it, $patch: delete empties it",
    { securityContext: { fsGroup: 1, runAsUser: 2 }, nodeSelector: { a: "b" } },
    { securityContext: { $patch: "replace", fsGroup: 3 }, nodeSelector: { $patch: "delete" } },
    { securityContext: { fsGroup: 3 }, nodeSelector: {} },
  ],
  [
    "null deletes, and deletes nothing where there is nothing",
    { nodeSelector: { a: "b", c: "d" }, affinity: {} },
    { nodeSelector: { a: null }, affinity: null, hostAliases: null },
    { nodeSelector: { c: "d" } },
  ],
  [
    "$retainKeys drops what it doesn't name: another source of a volume",
    { volumes: [{ name: "models", emptyDir: {} }] },
    { volumes: [{ name: "models", $retainKeys: ["name", "configMap"], configMap: { name: "m" } }] },
    { volumes: [{ name: "models", configMap: { name: "m" } }] },
  ],
  [
    "variables go by name, mounts by path, ports by number, hosts by address, spreading by topology",
    {
      containers: [
        {
          name: "model",
          env: [{ name: "A", value: "1" }],
          volumeMounts: [{ mountPath: "/a", name: "a" }],
          ports: [{ containerPort: 80, name: "http" }],
          command: ["old"],
        },
      ],
      hostAliases: [{ ip: "198.18.0.1", hostnames: ["a"] }],
      topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 1 }],
    },
    {
      containers: [
        {
          name: "model",
          env: [{ name: "A", value: "2" }],
          volumeMounts: [{ mountPath: "/a", readOnly: true }],
          ports: [{ containerPort: 81 }],
          command: ["new"],
        },
      ],
      hostAliases: [{ ip: "198.18.0.1", hostnames: ["b"] }],
      topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 2 }],
    },
    {
      containers: [
        {
          name: "model",
          env: [{ name: "A", value: "2" }],
          volumeMounts: [{ mountPath: "/a", name: "a", readOnly: true }],
          ports: [{ containerPort: 81 }, { containerPort: 80, name: "http" }],
          command: ["new"],
        },
      ],
      hostAliases: [{ ip: "198.18.0.1", hostnames: ["b"] }],
      topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 2 }],
    },
  ],
];

describe("mergePodTemplate()", () => {
  for (const [what, template, patch, merged] of EXAMPLES) {
    it(what, () => assert.deepEqual(specOf(template, patch), merged));
  }

  it("keeps the former order of entries that were there, also of those it changes", () => {
    const named = (...names: readonly string[]) => names.map((name) => ({ name }));
    const merge = (before: string[], patch: string[]) => {
      const merged = specOf({ volumes: named(...before) }, { volumes: named(...patch) }) as {
        readonly volumes: readonly { readonly name: string }[];
      };
      return merged.volumes.map(({ name }) => name).join("");
    };
    assert.equal(merge(["a", "b", "c"], ["b"]), "abc");
    assert.equal(merge(["a", "b", "c"], ["c", "x"]), "abcx");
    assert.equal(merge(["a", "b"], ["x", "y"]), "xyab");
  });

  const noNullPrototype = true;
  const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
    fc.record(model, { noNullPrototype });
  const texts = fc.dictionary(fc.constantFrom("x", "y"), fc.string(), { noNullPrototype });
  const entry = record({ name: fc.constantFrom("a", "b", "c"), image: fc.string() });
  const entries = fc.uniqueArray(entry, { selector: ({ name }) => name });
  const pods = record({
    metadata: record({ labels: texts }),
    spec: record({
      containers: entries,
      volumes: entries,
      tolerations: fc.array(record({ key: fc.string() })),
      nodeSelector: texts,
    }),
  });

  it("changes nothing with an empty patch, the same twice as once, and neither of its arguments", () => {
    fc.assert(
      fc.property(pods, pods, (template, patch) => {
        const before = JSON.stringify([template, patch]);
        const once = mergePodTemplate(template, patch);
        assert.deepEqual(mergePodTemplate(template, {}), template);
        assert.deepEqual(mergePodTemplate(template, { spec: {}, metadata: {} }), template);
        assert.deepEqual(mergePodTemplate(once, patch), once);
        assert.equal(JSON.stringify([template, patch]), before);
      }),
    );
  });
});

describe("findPatchProblems()", () => {
  const rows: readonly (readonly [Json, readonly string[]])[] = [
    [{ spec: { containers: [nginx, { $patch: "replace" }] } }, []],
    [{ spec: { containers: [{ image: "nginx" }] } }, ["spec.containers[0]"]],
    [{ spec: { containers: ["nginx"] } }, ["spec.containers[0]"]],
    [
      { spec: { containers: [{ name: "a", env: [{ value: "b" }] }] } },
      ["spec.containers[a].env[0]"],
    ],
    [{ spec: { $patch: "remove" } }, ["spec.$patch"]],
    [{ spec: { "$setElementOrder/volumes": [] } }, ["spec.$setElementOrder/volumes"]],
    [{ spec: { tolerations: [{ key: "any" }] } }, []],
  ];
  for (const [patch, paths] of rows) {
    it(`finds ${paths.join() || "nothing"} in ${JSON.stringify(patch)}`, () =>
      assert.deepEqual(
        findPatchProblems(patch).map(({ path }) => path),
        paths,
      ));
  }
});
