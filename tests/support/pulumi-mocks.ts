// Pulumi's mocks for unit tests: records what a program registers, and answers like the real resources.
import * as pulumi from "@pulumi/pulumi";
import { ENDPOINT_NAMESPACE } from "../../contracts/pods/pod-defaults";
import { withShortTraces } from "../../components/engine/short-traces";
import { stripSecrets } from "../../tools/standins/property-value";
import { withoutNulls } from "../../values/without";
import { KUBECONFIG } from "./component-kubeconfig";

/** A resource that a program registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Inputs, secrets in clear. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN and id of its provider, empty for the default one. */
  readonly provider: string;
}

/** What a cluster and the dynamic provider would add to the inputs. */
function outputsOf(type: string, inputs: Readonly<Record<string, unknown>>): object {
  if (type.endsWith(":LoadBalancerAddress")) return { ...inputs, address: "203.0.113.7" };
  if (type === "pulumi:pulumi:StackReference") {
    return { ...inputs, outputs: { kubeconfig: KUBECONFIG }, secretOutputNames: [] };
  }
  if (type.endsWith(":EndpointKeys")) {
    const generated = { primaryKey: "p".repeat(32), secondaryKey: "s".repeat(32) };
    return { ...generated, namespace: ENDPOINT_NAMESPACE, ...withoutNulls(inputs) };
  }
  if (type === "tls:index/privateKey:PrivateKey") return { ...inputs, privateKeyPem: "key" };
  if (type.startsWith("tls:index/")) {
    return { ...inputs, certPem: "certificate", certRequestPem: "request" };
  }
  if (type.endsWith(":SecretName")) return { ...inputs, suffix: "0123456789" };
  if (type.endsWith(":DeclaredObjects")) return { ...inputs, mark: inputs["owner"] };
  if (type.endsWith(":EndpointRoute")) return { ...inputs, versionStates: { blue: "Healthy" } };
  return inputs;
}

/**
 * Runs a program on mocks and waits for what it registers; the values of its outputs come back.
 * @param outputs of a resource, where they are others than a new one's
 */
export async function runProgram<Outputs extends Record<string, pulumi.Input<unknown>>>(
  program: () => Outputs,
  outputs: typeof outputsOf = outputsOf,
): Promise<{
  readonly registered: readonly Registered[];
  readonly outputs: Record<string, unknown>;
}> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider, id }) => {
        const plain = stripSecrets(inputs) as Record<string, unknown>;
        registered.push({ type, name, inputs: plain, provider: provider ?? "" });
        return { id: id ?? `${name}-id`, state: outputs(type, plain) };
      },
      call: () => ({}),
    },
    "project",
    "stack",
    false,
    "organization",
  );
  const told = withShortTraces(program);
  const values = await new Promise<Record<string, unknown>>((resolve) => {
    pulumi.all(told).apply((known) => resolve(known as Record<string, unknown>));
  });
  await settled(registered);
  return { registered, outputs: values };
}

/** Mocks tell nobody when the last resource is registered: it is when a while brings no further one. */
async function settled(registered: readonly Registered[]): Promise<void> {
  for (let before = -1; before !== registered.length;) {
    before = registered.length;
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
