// The table of tool versions against every other place that names one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../tools/checkout";
import { versions } from "../../../tools/setup/versions";

function read(...path: string[]): string {
  return readFileSync(join(projectRoot, ...path), "utf8");
}

describe("versions", () => {
  const { devDependencies } = JSON.parse(read("package.json")) as {
    devDependencies: Record<string, string>;
  };
  for (const [npmPackage, version] of [
    ["@pulumi/pulumi", versions.pulumi],
    ["@pulumi/kubernetes", versions.kubernetesPlugin],
    ["@pulumi/tls", versions.tlsPlugin],
  ] as const) {
    it(`has the version of ${npmPackage} that package.json pins`, () => {
      assert.equal(`v${devDependencies[npmPackage] ?? "none"}`, version);
    });
  }

  for (const [folder, module, version] of [
    ["pulumi", "github.com/pulumi/pulumi/pkg/v3", versions.pulumi],
    ["kube", "k8s.io/kubernetes", versions.kubernetes],
  ] as const) {
    it(`has the version of ${module} that go.mod requires and go.sum has a digest of`, () => {
      const required = new RegExp(`^(?:require |\\t)${module} (\\S+)`, "m").exec(
        read("tools", "setup", "go", folder, "go.mod"),
      );
      assert.equal(required?.[1], version);
      assert.match(
        read("tools", "setup", "go", folder, "go.sum"),
        new RegExp(`^${module} ${version} h1:`, "m"),
      );
    });
  }

  it("has staging modules of the same Kubernetes release", () => {
    const staging = versions.kubernetes.replace(/^v1\./, "v0.");
    const replaced = read("tools", "setup", "go", "kube", "go.mod").matchAll(
      / => k8s\.io\/\S+ (\S+)/g,
    );
    assert.deepEqual(new Set([...replaced].map(([, version]) => version)), new Set([staging]));
  });
});
