// What may be released, in which form its changes are told, and what its bill of materials lists.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Bom,
  changelogProblems,
  releaseProblems,
  releasesOf,
  shippedBom,
} from "../../../tools/checks";
import { projectRoot } from "../../../tools/checkout";

const GOOD = `# Changelog

## [Unreleased]

## [1.10.0] - 2026-03-01

### Added

- A thing.

### Security

- A hole less.

## [1.9.2] - 2026-02-28

### Fixed

- Another.
`;

describe("changelogProblems()", () => {
  it("has nothing to say of this project's own, nor of one with releases", () => {
    const own = readFileSync(join(projectRoot, "CHANGELOG.md"), "utf8");
    assert.deepEqual(changelogProblems(own), []);
    assert.deepEqual(changelogProblems(GOOD), []);
    assert.deepEqual(
      releasesOf(GOOD).map(({ version }) => version),
      ["1.10.0", "1.9.2"],
    );
  });

  for (const [change, by, problem] of [
    ["# Changelog", "# News", 'The first line must be "# Changelog"'],
    ["## [Unreleased]\n\n", "", 'The first section must be "## [Unreleased]"'],
    [
      "2026-03-01",
      "2026-02-30",
      'A release\'s heading must be "## [1.2.3] - 2026-01-31": it is "## [1.10.0] - 2026-02-30"',
    ],
    [
      "## [1.9.2] -",
      "## 1.9.2",
      'A release\'s heading must be "## [1.2.3] - 2026-01-31": it is "## 1.9.2 2026-02-28"',
    ],
    ["1.9.2", "1.11.0", "The newest release must come first: 1.11.0 is below 1.10.0"],
    [
      "### Security",
      "### Secured",
      '"### Secured" of "## [1.10.0] - 2026-03-01" must be one of Added, Changed, Deprecated, Removed, Fixed, Security',
    ],
    ["### Security", "### Added", '"### Added" must come once in "## [1.10.0] - 2026-03-01"'],
    [
      "- Another.",
      "",
      '"### Fixed" of "## [1.9.2] - 2026-02-28" must have an entry that begins with "- "',
    ],
  ] as const) {
    it(`says: ${problem}`, () => {
      assert.deepEqual(changelogProblems(GOOD.replace(change, by)), [problem]);
    });
  }
});

describe("releaseProblems()", () => {
  it("has none for the tag of the newest release", () => {
    const candidate = { tag: "v1.10.0", version: "1.10.0", changelog: GOOD };
    assert.deepEqual(releaseProblems(candidate), []);
  });

  it("names a tag, a package.json and a CHANGELOG.md that differ", () => {
    assert.deepEqual(releaseProblems({ tag: "v2.0.0", version: "2.1.0", changelog: GOOD }), [
      "The tag must be v2.1.0, package.json's: it is v2.0.0",
      "CHANGELOG.md's newest release must be 2.1.0: it is 1.10.0",
    ]);
  });
});

describe("shippedBom()", () => {
  const component = (name: string) => ({ "bom-ref": `${name}@1`, purl: `pkg:npm/${name}@1` });
  const all: Bom = {
    components: ["yaml", "%40a/client", "mocha"].map(component),
    dependencies: [
      { ref: "yaml@1", dependsOn: [] },
      { ref: "%40a/client@1", dependsOn: ["yaml@1", "mocha@1"] },
      { ref: "mocha@1" },
    ],
  };
  const installed: Bom = {
    components: [component("yaml")],
    dependencies: [{ ref: "yaml@1", dependsOn: [] }],
  };

  it("adds the bundled packages, with what they depend on of the rest", () => {
    const bom = shippedBom(installed, all, [
      { name: "@a/client", version: "1" },
      { name: "yaml", version: "1" },
    ]);
    assert.deepEqual(bom, {
      components: ["yaml", "%40a/client"].map(component),
      dependencies: [
        { ref: "yaml@1", dependsOn: [] },
        { ref: "%40a/client@1", dependsOn: ["yaml@1"] },
      ],
    });
  });

  it("refuses a bundled package that npm doesn't know", () => {
    assert.throws(
      () => shippedBom(installed, all, [{ name: "other", version: "2" }]),
      /npm knows nothing of the bundled packages pkg:npm\/other@2/,
    );
  });
});
