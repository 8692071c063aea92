/** Path-by-path differences between what lives and what is wanted. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  changedPath,
  diffObjects,
  type DiffRules,
} from "../../../../../tools/standins/pulumi-resource-kubernetes/core/diff-objects";
import { immutableFieldsOf } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/immutable-fields";
import type { KubeObject } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/kube-object";

const rules: DiffRules = { immutable: [], ignoreChanges: [], emptyEqualsAbsent: true };

function changes(live: KubeObject, wanted: KubeObject, more: Partial<DiffRules> = {}): string[] {
  return diffObjects(live, wanted, { ...rules, ...more })
    .map((change) => `${change.kind}${change.replaces ? "!" : ""} ${changedPath(change)}`)
    .sort();
}

describe("diffObjects()", () => {
  const cases: [string, KubeObject, KubeObject, string[]][] = [
    ["finds nothing between equals", { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }, []],
    ["names a changed value by its path", { a: { b: 1 } }, { a: { b: 2 } }, ["update a.b"]],
    ["names an added map once", {}, { a: { b: 1, c: 2 } }, ["add a"]],
    ["names what is no longer wanted", { a: { b: 1, c: 2 } }, { a: { b: 1 } }, ["delete a.c"]],
    [
      "pairs list items by position",
      { l: [{ x: 1 }, 2] },
      { l: [{ x: 3 }] },
      ["delete l[1]", "update l[0].x"],
    ],
    ["quotes names with dots", { d: { "a.b": 1 } }, { d: { "a.b": 2 } }, ['update d["a.b"]']],
    ["takes null for absent", { a: null }, { b: null }, []],
    ["tells types apart", { a: "1" }, { a: 1 }, ["update a"]],
  ];
  for (const [name, live, wanted, expected] of cases) {
    it(name, () => assert.deepEqual(changes(live, wanted), expected));
  }

  it("takes an empty list or string for absent where the server drops it, and only there", () => {
    const wanted = { list: [], text: "", labels: {}, emptyDir: {} };
    assert.deepEqual(changes({}, wanted), ["add emptyDir"]);
    assert.deepEqual(changes({}, wanted, { emptyEqualsAbsent: false }).length, 4);
  });

  it("leaves out what lies at or below an ignored path", () => {
    const live = { spec: { replicas: 1, template: { image: "a" } } };
    const wanted = { spec: { replicas: 3, template: { image: "b" } } };
    assert.deepEqual(changes(live, wanted, { ignoreChanges: ["spec.replicas"] }), [
      "update spec.template.image",
    ]);
    assert.deepEqual(changes(live, wanted, { ignoreChanges: ["spec"] }), []);
  });

  it("marks changes at, below and around an immutable field as replacing", () => {
    const immutable = [["spec", "selector"]];
    const selector = { matchLabels: { app: "a" } };
    assert.deepEqual(
      changes(
        { spec: { selector } },
        { spec: { selector: { matchLabels: { app: "b" } } } },
        { immutable },
      ),
      ["update! spec.selector.matchLabels.app"],
    );
    assert.deepEqual(changes({}, { spec: { selector } }, { immutable }), ["add! spec"]);
    assert.deepEqual(changes({}, { spec: { replicas: 1 } }, { immutable }), ["add spec"]);
  });

  it("finds nothing between any object and itself", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        assert.deepEqual(changes(object, object), []);
      }),
    );
  });
});

describe("immutableFieldsOf()", () => {
  const mutable = { configMaps: true, secrets: true };
  const paths = (object: KubeObject, options = mutable) =>
    immutableFieldsOf(object, options).map((path) => path.join("."));

  it("replaces a ConfigMap's data unless the provider lets it change", () => {
    const configMap = { apiVersion: "v1", kind: "ConfigMap" };
    assert.ok(paths(configMap, { configMaps: false, secrets: false }).includes("data"));
    assert.ok(!paths(configMap).includes("data"));
    assert.ok(paths({ ...configMap, immutable: true }).includes("data"));
  });

  it("replaces a Secret for a new type, always", () => {
    assert.ok(paths({ apiVersion: "v1", kind: "Secret" }).includes("type"));
  });

  it("replaces a Job for a new template and any object for a new name", () => {
    const fields = paths({ apiVersion: "batch/v1", kind: "Job" });
    assert.ok(fields.includes("spec.template") && fields.includes("metadata.name"));
    assert.deepEqual(paths({ apiVersion: "example.com/v1", kind: "Widget" }), [
      "metadata.name",
      "metadata.namespace",
    ]);
  });
});
