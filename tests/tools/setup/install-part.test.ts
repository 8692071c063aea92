// Installing a part: sources in turn, nothing half-done in place, and going on after an interruption.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  installPart,
  pendingSources,
  setUpContext,
  type Part,
} from "../../../tools/setup/install-part";
import type { Outcome } from "../../../tools/setup/outcome";

type Install = (temporary: string) => Promise<Outcome>;

function writes(text: string): Install {
  return (temporary) => {
    writeFileSync(temporary, text);
    return Promise.resolve({ ok: true });
  };
}

const fails: Install = () => Promise.resolve({ ok: false, reason: "not today" });
const never: Install = () => Promise.reject(new Error("a source that must not be tried"));

describe("installPart()", () => {
  let folder: string;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aml-inference-part-"));
    lines = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const context = (toolchain?: string) =>
    setUpContext({ toolchain, report: (line) => lines.push(line) });

  function part(install: Part["install"], changes: Partial<Part> = {}): Part {
    return { title: "tool", version: "v1", path: join(folder, "bin", "tool"), install, ...changes };
  }

  const content = ({ path }: Part) => readFileSync(path, "utf8");

  it("takes the next source when one fails, and makes the file executable", async () => {
    const tool = part(new Map([["vendor", fails] as const, ["modules", writes("built")] as const]));
    assert.equal(await installPart(tool, context()), "modules");
    assert.equal(content(tool), "built");
    assert.equal(statSync(tool.path).mode & 0o777, 0o755);
    assert.deepEqual(lines, [
      "Installed tool v1 (built from Go modules). Tried before: the vendor's: not today.",
    ]);
  });

  it("keeps what it installed before", async () => {
    const tool = part(new Map([["modules", writes("built")]]));
    await installPart(tool, context());
    const again = part(new Map([["modules", never]]));
    assert.deepEqual(await pendingSources(again, context()), []);
    assert.equal(await installPart(again, context()), "modules");
  });

  it("installs another version over it", async () => {
    await installPart(part(new Map([["modules", writes("one")]])), context());
    const next = part(new Map([["modules", writes("two")]]), { version: "v2" });
    await installPart(next, context());
    assert.equal(content(next), "two");
  });

  it("starts again after an interruption between file and stamp, and leaves nothing behind", async () => {
    const tool = part(new Map([["modules", writes("built")]]));
    await installPart(tool, context());
    rmSync(join(dirname(tool.path), ".tool.stamp.json"));
    writeFileSync(tool.path, "of another version");
    writeFileSync(`${tool.path}.part`, "half");
    await installPart(tool, context());
    assert.equal(content(tool), "built");
    assert.deepEqual(readdirSync(dirname(tool.path)).sort(), [
      ".tool.stamp.json",
      basename(tool.path),
    ]);
  });

  it("says in one plain sentence that a stand-in takes the place", async () => {
    const tool = part(new Map([["vendor", fails]]), { standIn: "#!/bin/sh\n" });
    assert.equal(await installPart(tool, context()), "stand-in");
    assert.deepEqual(lines, [
      "Installed tool v1 (this project's stand-in, since the vendor's cannot be had here). Tried before: the vendor's: not today.",
    ]);
  });

  it("writes a stand-in again when the checkout that it names has moved", async () => {
    await installPart(part(new Map(), { standIn: "of the old checkout" }), context());
    const moved = part(new Map(), { standIn: "of the new checkout" });
    await installPart(moved, context());
    assert.equal(content(moved), "of the new checkout");
  });

  it("replaces a stand-in once a folder of prebuilt tools is named", async function () {
    if (`${process.platform}-${process.arch}` !== "linux-x64") this.skip();
    const install: Part["install"] = new Map([["prebuilt", writes("real")]]);
    await installPart(part(install, { standIn: "#!/bin/sh\n" }), context());
    const tool = part(install, { standIn: "#!/bin/sh\n" });
    assert.equal(await installPart(tool, context(folder)), "prebuilt");
    assert.equal(content(tool), "real");
  });

  it("is an error with every source's reason when none works", async () => {
    const tool = part(new Map([["vendor", fails] as const, ["modules", fails] as const]));
    await assert.rejects(installPart(tool, context()), {
      message:
        "Cannot install tool v1. Tried in turn:\n- the vendor's: not today\n- built from Go modules: not today",
    });
  });

  it("keeps a stand-in of the right version when nothing better works a day later", async () => {
    const tool = part(new Map([["vendor", fails]]), { standIn: "#!/bin/sh\n" });
    await installPart(tool, context());
    const stamp = join(dirname(tool.path), ".tool.stamp.json");
    writeFileSync(stamp, JSON.stringify({ version: "v1", source: "stand-in", installedAtMs: 0 }));
    assert.deepEqual(await pendingSources(tool, context()), ["vendor", "stand-in"]);
    assert.equal(await installPart(tool, context()), "stand-in");
    assert.deepEqual(await pendingSources(tool, context()), []);
  });
});
