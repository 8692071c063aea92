// Prebuilt tools: nothing is unpacked whose digest is not the listed one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../../tools/setup/digest";
import { unpackPrebuilt } from "../../../tools/setup/from-prebuilt";

const digest = "a".repeat(64);

describe("digestOf()", () => {
  it("finds a file's digest in text and in binary mode", () => {
    assert.equal(digestOf(`${digest}  a.xz\n`, "a.xz"), digest);
    assert.equal(digestOf(`${digest.toUpperCase()} *a.xz\n`, "a.xz"), digest);
  });

  it("finds nothing for another name or a line that is no SHA-256", () => {
    assert.equal(digestOf(`${digest}  aa.xz\n`, "a.xz"), undefined);
    assert.equal(digestOf("abc  a.xz\n", "a.xz"), undefined);
  });
});

describe("unpackPrebuilt()", () => {
  let folder: string;
  let target: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aml-inference-prebuilt-"));
    target = join(folder, "out");
    const { stdout } = spawnSync("xz", ["--stdout"], { input: "the tool" });
    writeFileSync(join(folder, "tool.xz"), stdout);
    const sum = createHash("sha256").update(stdout).digest("hex");
    writeFileSync(join(folder, "SHA256SUMS"), `${sum}  tool.xz\n`);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("unpacks a file whose digest is right", async () => {
    assert.deepEqual(await unpackPrebuilt(folder, "tool", target), { ok: true });
    assert.equal(readFileSync(target, "utf8"), "the tool");
  });

  it("refuses a file that was changed", async () => {
    writeFileSync(join(folder, "tool.xz"), spawnSync("xz", ["--stdout"], { input: "else" }).stdout);
    const outcome = await unpackPrebuilt(folder, "tool", target);
    assert.match(outcome.ok ? "" : outcome.reason, /tool\.xz has SHA-256 .*, SHA256SUMS says /);
    assert.equal(existsSync(target), false);
  });

  it("refuses a file that is not listed", async () => {
    writeFileSync(join(folder, "SHA256SUMS"), "");
    const outcome = await unpackPrebuilt(folder, "tool", target);
    assert.match(outcome.ok ? "" : outcome.reason, /has no line for tool\.xz$/);
  });

  it("gives the reason when the folder is not there", async () => {
    const outcome = await unpackPrebuilt(join(folder, "none"), "tool", target);
    assert.match(outcome.ok ? "" : outcome.reason, /ENOENT/);
  });
});
