// Which objects are v1's, and what is said of them.
import assert from "node:assert/strict";
import {
  LEGACY_OBJECTS,
  leftoverName,
  leftoverSentence,
  leftoversOf,
  removalSteps,
} from "../../../../provider/legacy-router/core/leftovers";
import { type KubeObject, type ObjectMeta } from "../../../../kubernetes/core/kube-object";

/** All of v1's router as an API server answers it; `marks` are merged into the metadata of those with the kind. */
function live(marks: Readonly<Record<string, Partial<ObjectMeta>>> = {}): KubeObject[] {
  return LEGACY_OBJECTS.map(({ apiVersion, kind, name, namespace }) => {
    const place = namespace === undefined ? { name } : { name, namespace };
    return { apiVersion, kind, metadata: { ...place, ...marks[kind] } as ObjectMeta };
  });
}

const HELM: readonly Partial<ObjectMeta>[] = [
  { labels: { "app.kubernetes.io/managed-by": "Helm" } },
  { annotations: { "meta.helm.sh/release-name": "azureml-extension" } },
];
const names = (objects: readonly KubeObject[]): string[] => objects.map(leftoverName);

describe("leftoversOf()", () => {
  it("finds everything that v1's documentation tells users to delete", () => {
    assert.deepEqual(names(leftoversOf(live())), [
      "Deployment default/azureml-fe",
      "Service default/azureml-fe",
      "Service default/azureml-fe-int-http",
      "ServiceAccount default/azureml-fe",
      "ConfigMap default/azuremlfeconfig",
      "Secret default/azuremlfessl",
      "ClusterRoleBinding azureml-fe-binding",
      "ClusterRole azureml-fe-role",
    ]);
    assert.deepEqual(leftoversOf([]), []);
  });

  it("leaves the cluster-wide roles of a v2 extension that lives in its own namespace", () => {
    for (const mark of HELM) {
      const found = names(leftoversOf(live({ ClusterRole: mark, ClusterRoleBinding: mark })));
      assert.equal(found.length, 6);
      assert.ok(found.every((name) => name.includes("default/")));
    }
  });

  it("leaves all when the v2 extension took one of them over where it stands", () => {
    for (const mark of HELM) {
      for (const kind of ["Deployment", "Service", "Secret"]) {
        assert.deepEqual(leftoversOf(live({ [kind]: mark })), [], kind);
      }
    }
    const handedOver = { annotations: { "azureml-fe-enable-upgrade": "true" } };
    assert.deepEqual(leftoversOf(live({ Deployment: handedOver })), []);
  });

  it("is not misled by other labels and annotations", () => {
    const others = {
      labels: { "app.kubernetes.io/managed-by": "azureml" },
      annotations: { "azureml-fe-enable-upgrade": "false" },
    };
    assert.equal(leftoversOf(live({ Deployment: others })).length, LEGACY_OBJECTS.length);
  });
});

describe("leftoverSentence()", () => {
  it("names every object and what becomes of it; nothing for none", () => {
    const found = ["Service default/azureml-fe", "ClusterRole azureml-fe-role"];
    const what =
      "Leftovers of v1's router in this cluster: Service default/azureml-fe, ClusterRole azureml-fe-role.";
    assert.equal(
      leftoverSentence(found, false),
      `${what} They stay; removeLegacyRouter: true removes them once this router is ready.`,
    );
    assert.equal(
      leftoverSentence(found, true),
      `${what} They are removed once this router is ready.`,
    );
    assert.equal(leftoverSentence([], true), undefined);
  });
});

describe("removalSteps()", () => {
  it("takes the pods before what they need", () => {
    const [first, second] = removalSteps(live());
    assert.deepEqual(names(first ?? []), ["Deployment default/azureml-fe"]);
    assert.equal(second?.length, LEGACY_OBJECTS.length - 1);
  });
});
