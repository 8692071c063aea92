// A stack's files in the file backend, as the CLI leaves them, whole and broken.
import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  forgetStack,
  remainingObjects,
  restoreStackFile,
  stackFileState,
} from "../../../tools/setup";

const name = { project: "shop", stack: "dev" };
const WHOLE = JSON.stringify({ version: 3, checkpoint: { stack: "organization/shop/dev" } });

describe("A stack's files", () => {
  let backend: string;
  beforeEach(() => {
    backend = mkdtempSync(join(tmpdir(), "aml-inference-stack-files-"));
  });
  afterEach(() => {
    rmSync(backend, { recursive: true });
  });

  function write(path: string, text: string): string {
    const file = join(backend, ".pulumi", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  it("are absent when there is no state", () => {
    assert.equal(stackFileState(backend, name), "absent");
    write("stacks/shop/dev.json.bak", WHOLE);
    assert.equal(stackFileState(backend, name), "absent");
  });

  for (const [title, text] of [
    ["is empty", ""],
    ["ends too early", WHOLE.slice(0, 30)],
    ["is another kind of JSON", "[]"],
  ] as const) {
    it(`are broken when the state ${title}, and readable once the copy of it is restored`, () => {
      write("stacks/shop/dev.json", text);
      assert.equal(stackFileState(backend, name), "broken");
      assert.equal(restoreStackFile(backend, name), false);
      write("stacks/shop/dev.json.bak", WHOLE);
      assert.equal(restoreStackFile(backend, name), true);
      assert.equal(stackFileState(backend, name), "readable");
    });
  }

  it("stay broken when the copy is broken, too", () => {
    write("stacks/shop/dev.json", "");
    write("stacks/shop/dev.json.bak", "");
    assert.equal(restoreStackFile(backend, name), false);
    assert.equal(stackFileState(backend, name), "broken");
  });

  it("are all gone when the stack is forgotten, and another stack's are not", () => {
    const own = [
      "stacks/shop/dev.json",
      "stacks/shop/dev.json.bak",
      "history/shop/dev/dev-1.history.json",
      "backups/shop/dev/dev.1.json",
      "locks/organization/shop/dev/one.json",
    ].map((path) => write(path, WHOLE));
    const other = write("stacks/shop/dev-2.json", WHOLE);
    forgetStack(backend, name);
    assert.deepEqual(own.filter(existsSync), []);
    assert.equal(existsSync(other), true);
    assert.deepEqual(globSync("**/dev/**", { cwd: join(backend, ".pulumi") }), []);
    forgetStack(backend, name);
  });

  it("tell which objects are left: neither components nor providers", () => {
    const urn = (type: string, last: string) => `urn:pulumi:dev::shop::${type}::${last}`;
    const resources = [
      ["pulumi:pulumi:Stack", "shop-dev", false],
      ["pulumi:providers:kubernetes", "router", true],
      ["kubernetes:core/v1:Service", "web", true],
    ].map(([type, last, custom]) => ({ urn: urn(String(type), String(last)), type, custom }));
    write("stacks/shop/dev.json", JSON.stringify({ checkpoint: { latest: { resources } } }));
    assert.deepEqual(remainingObjects(backend, name), ["Service web"]);
  });

  it("have no objects left when they can't be read", () => {
    write("stacks/shop/dev.json", "");
    assert.deepEqual(remainingObjects(backend, name), []);
  });
});
