// LegacyCertificate: the certificate of Azure ML v1's router, taken over once and kept as a secret in the state.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("LegacyCertificate", ["check", "diff", "create", "update"]);

export interface LegacyCertificateArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Host name that the certificate must cover. */
  readonly cname: pulumi.Input<string>;
  /** Namespace of the router. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the router's own Secret, which gets the copy. */
  readonly secretName: pulumi.Input<string>;
}

/** Both outputs are secrets, and don't change when v1's Secret is deleted. */
export class LegacyCertificate extends DynamicResource {
  declare readonly certificatePem: pulumi.Output<string>;
  declare readonly privateKeyPem: pulumi.Output<string>;

  constructor(name: string, args: LegacyCertificateArgs, opts: pulumi.CustomResourceOptions = {}) {
    const kubeconfig = pulumi.secret(args.kubeconfig);
    // Placeholders that `check` fills in: the engine marks its values secret because these are.
    const pair = { certificatePem: pulumi.secret(""), privateKeyPem: pulumi.secret("") };
    const secrets = { additionalSecretOutputs: ["certificatePem", "privateKeyPem"] };
    const options = pulumi.mergeOptions(secrets, opts);
    const props = { ...args, kubeconfig, ...pair };
    super(shell, name, props, options);
  }
}
