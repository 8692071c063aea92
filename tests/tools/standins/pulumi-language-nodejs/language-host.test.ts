// The pure parts of the stand-in language host.
import assert from "node:assert/strict";
import { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import {
  programOptions,
  splitArguments,
} from "../../../../tools/standins/pulumi-language-nodejs/program-options";
import { requiredBy } from "../../../../tools/standins/pulumi-language-nodejs/required-packages";
import { programConfig } from "../../../../tools/standins/pulumi-language-nodejs/run-program";

function info(options: Record<string, JavaScriptValue>): ProgramInfo {
  const result = new ProgramInfo();
  result.setOptions(Struct.fromJavaScript(options));
  return result;
}

describe("programOptions()", () => {
  it("loads TypeScript unless told otherwise", () => {
    assert.deepEqual(programOptions(undefined).env, { PULUMI_NODEJS_TYPESCRIPT: "true" });
    assert.deepEqual(programOptions(info({ typescript: false })).env, {});
  });

  it("hands on tsconfig and nodeargs", () => {
    const options = programOptions(info({ tsconfig: "t.json", nodeargs: "--inspect -r 'a b'" }));
    assert.equal(options.env["PULUMI_NODEJS_TSCONFIG_PATH"], "t.json");
    assert.deepEqual(options.nodeArgs, ["--inspect", "-r", "a b"]);
  });

  it("refuses an option of the wrong type by its name", () => {
    assert.throws(() => programOptions(info({ typescript: "yes" })), /typescript option must be/);
    assert.throws(() => programOptions(info({ nodeargs: 1 })), /nodeargs option must be/);
  });
});

describe("splitArguments()", () => {
  for (const [text, words] of [
    ["", []],
    ["  --a   b ", ["--a", "b"]],
    [`--x="a b" 'c d'`, ["--x=a b", "c d"]],
    [`"it's"`, ["it's"]],
  ] as const) {
    it(`splits ${JSON.stringify(text)} like a shell`, () => {
      assert.deepEqual(splitArguments(text), words);
    });
  }
});

describe("programConfig()", () => {
  it("writes keys as the SDK reads them, and leaves colons in the name alone", () => {
    assert.deepEqual(
      programConfig([
        ["project:key", "1"],
        ["aws:a:b", "2"],
      ]),
      { "project:config:key": "1", "aws:config:a:b": "2" },
    );
  });
});

describe("requiredBy()", () => {
  it("names the plugin of an SDK by its pulumi section", () => {
    const pulumi = { resource: true, name: "kubernetes", version: "4.29.0" };
    assert.deepEqual(requiredBy({ name: "@pulumi/kubernetes", version: "1.0.0", pulumi }), {
      name: "kubernetes",
      version: "v4.29.0",
      server: "",
    });
  });

  it("falls back to the package's own name and version, for the vendor's scope only", () => {
    const pulumi = { resource: true };
    assert.deepEqual(requiredBy({ name: "@pulumi/random", version: "v4.1.0", pulumi }), {
      name: "random",
      version: "v4.1.0",
      server: "",
    });
    assert.equal(requiredBy({ name: "@someone/else", version: "1.0.0", pulumi }), undefined);
  });

  it("needs nothing for a package that is no SDK", () => {
    assert.equal(requiredBy({ name: "@pulumi/pulumi", version: "3.0.0" }), undefined);
  });
});
