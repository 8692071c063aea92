// examples/azure-private-aks declares what Azure's template (modules/privateaks.bicep) says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { ClusterPurpose } from "../../../contracts/choices";
import { projectRoot } from "../../../tools/checkout";
import { sentence } from "../../../values/argument-error";
import { validateCluster } from "../../../validation/cluster/validate-cluster";
import { declareCluster } from "../../support/planned-changes";

const settings = {
  ...{ resourceGroupName: "models", location: "westeurope", aksClusterName: "aks-secure" },
  ...{ vmSizeParam: "Standard_DS2_v2", vnetName: "net", aksSubnetName: "snet-scoring" },
  ...{ workspaceId: "workspace", computeName: "aks" },
};

/** What the example passes to AmlAksCluster. */
function argumentsOfExample(): object {
  const file = join(projectRoot, "examples", "azure-private-aks", "index.ts");
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions: options,
  });
  const passed: object[] = [];
  class Recorded {
    public readonly clusterId = "cluster";
    constructor(_name: string, args: object) {
      passed.push(args);
    }
  }
  const modules: Readonly<Record<string, unknown>> = {
    "aml-inference": { AmlAksCluster: Recorded, WorkspaceCompute: Recorded, ClusterPurpose },
    "@pulumi/pulumi": pulumi,
  };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [`project:${name}`, value])),
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the example, as Pulumi would run it
  const run = new Function("require", "exports", outputText) as (
    require: (name: string) => unknown,
    exports: object,
  ) => void;
  run((name) => modules[name], {});
  const [cluster, compute] = passed;
  assert.ok(cluster && compute);
  assert.partialDeepStrictEqual(compute, { computeName: "aks", clusterId: "cluster" });
  return cluster;
}

describe("The example azure-private-aks", () => {
  it("declares the template's cluster", async () => {
    await pulumi.runtime.setMocks(
      { newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) },
      "project",
      "stack",
    );
    const args = argumentsOfExample();
    assert.deepEqual(validateCluster("aks", { ...args }).map(sentence), []);
    const declared = await declareCluster(args);
    const nodes = { vmSize: "Standard_DS2_v2", count: 3, osDiskSizeGB: 128, maxPods: 110 };
    const vnetSubnetID =
      "/subscriptions/subscription/resourceGroups/models/providers/Microsoft.Network/virtualNetworks/net/subnets/snet-scoring";
    assert.partialDeepStrictEqual(declared.find(({ name }) => name === "prod")?.inputs, {
      ...{ resourceName: "aks-secure", location: "westeurope", enableRBAC: true },
      agentPoolProfiles: [{ ...nodes, mode: "System", osType: "Linux", vnetSubnetID }],
      networkProfile: {
        ...{ networkPlugin: "azure", networkPluginMode: "overlay", loadBalancerSku: "standard" },
        ...{ serviceCidr: "10.0.0.0/16", dnsServiceIP: "10.0.0.10" },
      },
      apiServerAccessProfile: { enablePrivateCluster: true },
    });
    assert.partialDeepStrictEqual(declared.find(({ name }) => name === "prod-agents")?.inputs, {
      ...nodes,
      vnetSubnetID,
    });
  });
});
