// The text of our dynamic providers that every state holds: it must not change by accident.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentCheck } from "../../../provider/argument-check/argument-check";
import { operations as argumentCheck } from "../../../provider/argument-check/operations";
import { AutoscalerDeployment } from "../../../provider/autoscaler-deployment/autoscaler-deployment";
import { operations as autoscalerDeployment } from "../../../provider/autoscaler-deployment/operations";
import { DeclaredObjects } from "../../../provider/declared-objects/declared-objects";
import { operations as declaredObjects } from "../../../provider/declared-objects/operations";
import { ClusterProtection } from "../../../provider/cluster-protection/cluster-protection";
import { operations as clusterProtection } from "../../../provider/cluster-protection/operations";
import { EndpointKeys } from "../../../provider/endpoint-keys/endpoint-keys";
import { operations as endpointKeys } from "../../../provider/endpoint-keys/operations";
import { EndpointRoute } from "../../../provider/endpoint-route/endpoint-route";
import { operations as endpointRoute } from "../../../provider/endpoint-route/operations";
import { LegacyCertificate } from "../../../provider/legacy-certificate/legacy-certificate";
import { operations as legacyCertificate } from "../../../provider/legacy-certificate/operations";
import { LegacyRouter } from "../../../provider/legacy-router/legacy-router";
import { EndpointNamespaces } from "../../../provider/endpoint-namespaces/endpoint-namespaces";
import { operations as endpointNamespaces } from "../../../provider/endpoint-namespaces/operations";
import { operations as legacyRouter } from "../../../provider/legacy-router/operations";
import { RouterDeployment } from "../../../provider/router-deployment/router-deployment";
import { operations as routerDeployment } from "../../../provider/router-deployment/operations";
import { operations as secretName } from "../../../provider/secret-name/operations";
import { SecretName } from "../../../provider/secret-name/secret-name";
import { WorkspaceCompute } from "../../../provider/workspace-compute/workspace-compute";
import { operations as workspaceCompute } from "../../../provider/workspace-compute/operations";
import { runProgram } from "../../support/pulumi-mocks";

const goldenOf = (name: string) =>
  readFileSync(join(__dirname, "..", "..", "golden", name), "utf8");

/** Every dynamic resource, with the golden of its text and its operations. */
const RESOURCES = [
  ["router-deployment", "RouterDeployment", "provider-shell.txt", routerDeployment],
  ["autoscaler-deployment", "AutoscalerDeployment", "provider-shell.txt", autoscalerDeployment],
  ["endpoint-route", "EndpointRoute", "provider-shell.txt", endpointRoute],
  ["workspace-compute", "WorkspaceCompute", "workspace-compute-shell.txt", workspaceCompute],
  ["endpoint-keys", "EndpointKeys", "component-shell.txt", endpointKeys],
  ["legacy-certificate", "LegacyCertificate", "component-shell.txt", legacyCertificate],
  ["legacy-router", "LegacyRouter", "component-shell.txt", legacyRouter],
  ["endpoint-namespaces", "EndpointNamespaces", "provider-shell.txt", endpointNamespaces],
  ["argument-check", "ArgumentCheck", "argument-check-shell.txt", argumentCheck],
  ["declared-objects", "DeclaredObjects", "component-shell.txt", declaredObjects],
  ["secret-name", "SecretName", "component-shell.txt", secretName],
  [
    ...(["cluster-protection", "ClusterProtection", "cluster-protection-shell.txt"] as const),
    clusterProtection,
  ],
] as const;

describe("The serialized provider", () => {
  const shells = new Map<string, { readonly type: string; readonly text: string }>();

  before(async () => {
    const { registered } = await runProgram(() => {
      const common = { kubeconfig: "", namespace: "n", serviceAccountName: "sa" };
      const checked = { component: "AmlModelEndpoint", name: "churn", arguments: {} };
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
        new EndpointKeys("endpoint-keys", {
          endpointArguments: checked,
          primaryKeyVersion: 1,
          secondaryKeyVersion: 1,
        }),
        new LegacyCertificate("legacy-certificate", { ...common, secretName: "s", cname: "a.b" }),
        new LegacyRouter("legacy-router", { kubeconfig: "", remove: false }),
        new EndpointNamespaces("endpoint-namespaces", { kubeconfig: "", routerNamespace: "n" }),
        new ArgumentCheck("argument-check", checked),
        new SecretName("secret-name", { data: {} }),
        new ClusterProtection("cluster-protection", { clusterName: "c", isProtected: true }),
        new DeclaredObjects("declared-objects", {
          ...{ kubeconfig: "", owner: "o", owned: [], objects: [] },
        }),
      ];
      return Object.fromEntries(resources.map(({ urn }, index) => [String(index), urn]));
    });
    for (const { type, name, inputs } of registered) {
      shells.set(name, { type, text: String(inputs["__provider"]) });
    }
  });

  for (const [name, type, golden, operations] of RESOURCES) {
    it(`of ${type} has its own type and only finds the library and calls it`, () => {
      const shell = shells.get(name);
      assert.equal(shell?.type, `pulumi-nodejs:dynamic/aml-inference:${type}`);
      assert.equal(shell.text, goldenOf(golden).replaceAll("<resource>", name));
    });

    it(`of ${type} calls every operation that there is, and no other`, () => {
      const called = ["configure", "check", "diff", "create", "read", "update", "delete"].filter(
        (method) => method in operations,
      );
      const methods = [...(shells.get(name)?.text ?? "").matchAll(/operations\.(\w+)\(/g)];
      assert.deepEqual(
        methods.map(([, method]) => method),
        called,
      );
    });
  }
});
