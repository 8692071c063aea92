// docs/policies.md says what the policies are now.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policiesDocument } from "../../policy/core/catalog/document";
import { POLICY_NAMES, RULES } from "../../policy/core/rules";
import { projectRoot } from "../../tools/checkout";

const textOf = (file: string) => readFileSync(join(projectRoot, file), "utf8");

describe("docs/policies.md", () => {
  it("is what `npm run policies` writes", () => {
    assert.equal(textOf("docs/policies.md"), policiesDocument());
  });

  it("has a section for every policy, with every setting", () => {
    const sections = policiesDocument().split("\n## ").slice(1);
    assert.deepEqual(
      sections.map((section) => section.split("\n", 1)[0]),
      POLICY_NAMES,
    );
    POLICY_NAMES.forEach((name, at) => {
      for (const setting of Object.keys(RULES[name].settings)) {
        assert.match(sections[at] ?? "", new RegExp(`\\| \`${setting}\` `));
      }
    });
  });
});

describe("The packages of the policy pack", () => {
  it("have the library's version, also in the folder of each profile", () => {
    const versionOf = (folder: string) =>
      (JSON.parse(textOf(join(folder, "package.json"))) as { version: string }).version;
    for (const folder of ["policy", "policy/dev", "policy/prod", "policy/regulated"]) {
      assert.equal(versionOf(folder), versionOf("."), folder);
    }
  });
});
