// docs/aml-aks-cluster.md has every argument of AmlAksCluster, and no other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../tools/checkout";

describe("docs/aml-aks-cluster.md", () => {
  it("says of every argument what a change of it does", () => {
    const interfaceText = readFileSync(
      join(projectRoot, "components", "cluster", "aml-aks-cluster-args.ts"),
      "utf8",
    );
    const body = /interface AmlAksClusterArgs \{([\s\S]*?)\n\}/.exec(interfaceText)?.[1] ?? "";
    const declared = [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
    const text = readFileSync(join(projectRoot, "docs", "aml-aks-cluster.md"), "utf8");
    const table = /## Arguments and what a change[\s\S]*?\n## /.exec(text)?.[0] ?? "";
    const documented = [...table.matchAll(/^\| `(\w+)` *\|/gm)].map(([, name]) => name);
    assert.ok(declared.length > 20);
    assert.deepEqual(documented, declared);
  });
});
