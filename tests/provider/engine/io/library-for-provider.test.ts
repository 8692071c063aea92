// Where Pulumi's dynamic provider finds the package, and what a program is told where it doesn't.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whyProviderLacksLibrary } from "../../../../provider/engine/io/library-for-provider";

describe("whyProviderLacksLibrary()", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "aml-inference-library-"));
  });
  after(() => rm(root, { recursive: true }));

  const inFolder = (folder: string) =>
    whyProviderLacksLibrary({ folder, plugAndPlay: undefined, nodeOptions: undefined });
  const underYarn = (nodeOptions: string | undefined) =>
    whyProviderLacksLibrary({ folder: root, plugAndPlay: "3", nodeOptions });

  it("names the program's folder when neither it nor a folder above it has the package", async () => {
    const folder = join(root, "other", "infra");
    await mkdir(join(folder, "node_modules", "aml-inference"), { recursive: true });
    assert.match(inFolder(folder) ?? "", /can't find aml-inference from .*other.infra: add it to/);
  });

  it("is undefined where the program, or the workspace above it, has the package", async () => {
    const library = join(root, "workspace", "node_modules", "aml-inference");
    await mkdir(library, { recursive: true });
    await writeFile(join(library, "package.json"), "{}");
    assert.equal(inFolder(join(root, "workspace")), undefined);
    assert.equal(inFolder(join(root, "workspace", "packages", "infra")), undefined);
  });

  it("asks for Yarn's loader for ES modules under Plug'n'Play", () => {
    assert.match(underYarn(undefined) ?? "", /nodeLinker: node-modules/);
    assert.match(underYarn("--require /x/.pnp.cjs") ?? "", /pnpEnableEsmLoader: true/);
    const options = "--require /x/.pnp.cjs --experimental-loader file:///x/.pnp.loader.mjs";
    assert.equal(underYarn(options), undefined);
  });
});
