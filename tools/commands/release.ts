// `node tools/checkout/bootstrap.mjs release v1.2.3`, which the release workflow runs: refuses a tag that isn't package.json's version and CHANGELOG.md's newest, and writes the bill of materials.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bom, type BundledPackage, releaseProblems, shippedBom } from "../checks";
import { projectRoot } from "../checkout";

const text = (file: string): string => readFileSync(join(projectRoot, file), "utf8");

function bomOf(...args: readonly string[]): Bom {
  const output = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  return JSON.parse(output) as Bom;
}

const { version } = JSON.parse(text("package.json")) as { readonly version: string };
const [tag = ""] = process.argv.slice(2);
const problems = releaseProblems({ tag, version, changelog: text("CHANGELOG.md") });
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
} else {
  const bundled = JSON.parse(text("dist/bundles/packages.json")) as readonly BundledPackage[];
  const bom = shippedBom(bomOf("--omit", "dev"), bomOf(), bundled);
  const file = `aml-inference-${version}.cdx.json`;
  writeFileSync(join(projectRoot, file), `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${file}: ${String(bom.components.length)} packages`);
}
