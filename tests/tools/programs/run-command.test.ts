// The sentence that a command ends with.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../../../tools/programs";

describe("describeError()", () => {
  it("is an error's own sentence", () => {
    assert.equal(describeError(new Error("the cluster is gone")), "the cluster is gone");
  });

  it("is the text of what is thrown otherwise", () => {
    assert.equal(describeError("gone"), "gone");
  });

  it("says what to do when the disk is full", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
    });
    assert.equal(
      describeError(error),
      "Cannot write (ENOSPC): the disk is full: free some space, and run the command again.",
    );
  });

  it("names the file and says what to do when a file system is read-only", () => {
    const error = { code: "ENOENT", syscall: "mkdir", path: "/state/aml-inference" };
    assert.equal(
      describeError(Object.assign(new Error("ENOENT: no such file or directory"), error)),
      "Cannot use /state/aml-inference (EROFS): the file system is read-only: make it writable, and run the command again.",
    );
  });

  it("leaves the disk's other refusals as Node says them", () => {
    const folder = mkdtempSync(join(tmpdir(), "aml-inference-run-command-"));
    try {
      writeFileSync(folder, "");
      assert.fail("a folder was written as a file");
    } catch (error) {
      assert.match(describeError(error), /^EISDIR: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
