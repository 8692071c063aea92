// What an AmlModelEndpoint registers on Pulumi's mocks, and ways to look into it.
import assert from "node:assert/strict";
import { AmlModelEndpoint } from "../../components/endpoint/aml-model-endpoint";
import { type AmlModelEndpointArgs } from "../../components/endpoint/aml-model-endpoint-args";
import { KUBECONFIG } from "./component-kubeconfig";
import { type Registered, runProgram } from "./pulumi-mocks";

export const router = {
  kubeconfig: KUBECONFIG,
  namespace: "aml-inference",
  scoringBaseUri: "http://203.0.113.7",
};
export const image = "registry.example/churn:1";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const SERVICE = "kubernetes:core/v1:Service";
export const KEYS = "pulumi-nodejs:dynamic/aml-inference:EndpointKeys";
export const ROUTE = "pulumi-nodejs:dynamic/aml-inference:EndpointRoute";

/** The endpoint `churn` with one version `blue`, unless `args` say otherwise. */
export async function register(args: Partial<AmlModelEndpointArgs>) {
  return runProgram(() => {
    const endpoint = new AmlModelEndpoint("churn", {
      router,
      versions: { blue: { image } },
      ...args,
    });
    const { scoringUri, swaggerUri, primaryKey, secondaryKey, versionStates } = endpoint;
    return { scoringUri, swaggerUri, primaryKey, secondaryKey, versionStates, urn: endpoint.urn };
  });
}

/** The only resource of a type, or the one of a name. */
export function only(registered: readonly Registered[], type: string, name?: string): Registered {
  const found = registered.filter(
    (each) => each.type === type && (name === undefined || each.name === name),
  );
  const [resource] = found;
  assert.ok(
    resource !== undefined && found.length === 1,
    `${found.length} of ${type} ${name ?? ""}`,
  );
  return resource;
}

/** The value at a path of plain data, e.g. `spec.template.spec.containers.0.image`. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], value);
}
