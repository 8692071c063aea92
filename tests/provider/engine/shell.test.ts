// The text of our dynamic providers that every state holds: it must not change by accident.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AutoscalerDeployment } from "../../../provider/autoscaler-deployment/autoscaler-deployment";
import { EndpointRoute } from "../../../provider/endpoint-route/endpoint-route";
import { RouterDeployment } from "../../../provider/router-deployment/router-deployment";
import { WorkspaceCompute } from "../../../provider/workspace-compute/workspace-compute";

const goldenOf = (name: string) =>
  readFileSync(join(__dirname, "..", "..", "golden", name), "utf8");

describe("The serialized provider", () => {
  const shells = new Map<string, { readonly type: string; readonly text: unknown }>();

  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, type, inputs }) => {
        shells.set(name, { type, text: (inputs as Record<string, unknown>)["__provider"] });
        return { id: name, state: {} };
      },
      call: () => ({}),
    });
    const common = { kubeconfig: "", namespace: "n", serviceAccountName: "sa" };
    const resources = [
      new RouterDeployment("router-deployment", common),
      new AutoscalerDeployment("autoscaler-deployment", {
        ...common,
        routerName: "r",
        routerServiceAccountName: "r",
      }),
      new EndpointRoute("endpoint-route", {
        ...common,
        endpointName: "e",
        spec: { authentication: { mode: "None" }, versions: [] },
      }),
      new WorkspaceCompute("workspace-compute", {
        workspaceId: "",
        computeName: "",
        clusterId: "",
      }),
    ];
    await new Promise((resolve) => {
      pulumi.all(resources.map(({ urn }) => urn)).apply(resolve);
    });
  });

  for (const [name, type, golden] of [
    ["router-deployment", "RouterDeployment", "provider-shell.txt"],
    ["autoscaler-deployment", "AutoscalerDeployment", "provider-shell.txt"],
    ["endpoint-route", "EndpointRoute", "provider-shell.txt"],
    ["workspace-compute", "WorkspaceCompute", "workspace-compute-shell.txt"],
  ] as const) {
    it(`of ${type} has its own type and only finds the library and calls it`, () => {
      const shell = shells.get(name);
      assert.equal(shell?.type, `pulumi-nodejs:dynamic/aml-inference:${type}`);
      assert.equal(shell.text, goldenOf(golden).replaceAll("<resource>", name));
    });
  }
});
