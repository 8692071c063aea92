// Which endpoints a pod looks after, written into its environment and read from it.
import assert from "node:assert/strict";
import { DEFAULT_QUOTA } from "../../../contracts/model-endpoint/admission";
import {
  type AdmissionArguments,
  admissionVariables,
  readAdmission,
} from "../../../contracts/pods/admission-environment";

function passed(given: AdmissionArguments) {
  const variables = admissionVariables(given).map(({ name, value }) => [name, value] as const);
  const problems: string[] = [];
  const settings = readAdmission(Object.fromEntries(variables), problems);
  assert.deepEqual(problems, []);
  return settings;
}

describe("readAdmission()", () => {
  it("reads what admissionVariables() writes; an empty list is not none", () => {
    assert.deepEqual(passed({}), { quota: DEFAULT_QUOTA });
    assert.deepEqual(passed({ allowedNamespaces: [] }), {
      allowedNamespaces: [],
      quota: DEFAULT_QUOTA,
    });
    const given = {
      allowedNamespaces: ["b", "a"],
      maxEndpointsPerNamespace: 2,
      maxVersionsPerNamespace: 3,
    };
    assert.deepEqual(passed(given), {
      allowedNamespaces: ["a", "b"],
      quota: { endpoints: 2, versions: 3 },
    });
  });

  it("names a variable that is no count", () => {
    const problems: string[] = [];
    readAdmission({ AML_MAX_VERSIONS_PER_NAMESPACE: "none" }, problems);
    assert.deepEqual(problems, [
      "AML_MAX_VERSIONS_PER_NAMESPACE must be a whole number of at least 1: it is none",
    ]);
  });
});
