// Kubernetes versions: examples of what is refused.
import assert from "node:assert/strict";
import {
  validateRequestedVersion,
  assessRunningVersion,
} from "../../../validation/cluster/validate-kubernetes-version";

const both = ["KubernetesOfficial", "AKSLongTermSupport"];
const version = (minor: string, more: object = {}) => ({
  ...{ minor, patches: [`${minor}.4`, `${minor}.2`], isDefault: false, isPreview: false },
  ...{ supportPlans: both, ...more },
});
const offered = [
  version("1.36", { isPreview: true }),
  version("1.35"),
  version("1.34", { isDefault: true }),
  version("1.30", { supportPlans: ["AKSLongTermSupport"] }),
];
const asked = (text: string) => validateRequestedVersion(text, offered, "westeurope");
const running = (text: string, plan?: string) =>
  assessRunningVersion(text, plan, offered, "westeurope");

describe("validateRequestedVersion()", () => {
  it("takes a minor and a patch that AKS supports, in preview too", () => {
    for (const text of ["1.34", "1.34.2", "1.36"]) assert.equal(asked(text), undefined, text);
  });

  it("lists what is supported, and the default", () => {
    assert.equal(
      asked("1.30"),
      'must be a version that AKS supports in westeurope: it is "1.30"; supported are 1.36 (preview), 1.35, 1.34 (the default)',
    );
    assert.match(asked("1.99.1") ?? "", /1\.34 \(the default\)/);
  });

  it("lists the patches of a minor whose patch there is not", () => {
    assert.match(asked("1.34.9") ?? "", /supported are 1\.34\.4, 1\.34\.2 of 1\.34$/);
  });
});

describe("assessRunningVersion()", () => {
  it("takes an old patch of a supported minor, and the long-term plan's minors for those in it", () => {
    assert.equal(running("1.34.0"), undefined);
    assert.equal(running("1.30.14", "AKSLongTermSupport"), undefined);
  });

  it("says what is supported to a cluster that is out of support", () => {
    assert.match(
      running("1.30.14") ?? "",
      /runs Kubernetes 1\.30\.14, which AKS does not support in westeurope any more: upgrade it \(az aks upgrade\); supported are .*1\.34 \(the default\)$/,
    );
  });
});
