// The package that npm would publish: the library as its sources are now, its documents, and nothing else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../tools/checkout";

const filesOf = (pattern: string) =>
  globSync(pattern, { cwd: projectRoot, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1));

describe("The npm package", () => {
  it("has what the sources say: no former file, no test", () => {
    const { include } = JSON.parse(
      readFileSync(join(projectRoot, "tsconfig.build.json"), "utf8"),
    ) as { readonly include: readonly string[] };
    const compiled = include.flatMap(filesOf).flatMap((file) => {
      const path = `dist/${file.replace(/\.ts$/, "")}`;
      return [`${path}.js`, `${path}.d.ts`];
    });
    const bundles = ["autoscaler.cjs", "packages.json", "router.cjs"].map(
      (file) => `dist/bundles/${file}`,
    );
    const wanted = ["LICENSE", "README.md", "package.json", ...filesOf("docs/**"), ...bundles];
    assert.ok(compiled.length > 400, `${compiled.length} files`);

    const listing = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    const [{ files } = assert.fail(listing)] = JSON.parse(listing) as {
      readonly files: readonly { readonly path: string }[];
    }[];
    assert.deepEqual(files.map(({ path }) => path).sort(), [...compiled, ...wanted].sort());
  });
});
