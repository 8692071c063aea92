// LegacyCertificate: the certificate of Azure ML v1's router, taken over once, kept in the state as a secret.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("LegacyCertificate", ["check", "diff", "create", "update"]);

export interface LegacyCertificateArgs {
  /** Text of the kubeconfig. A secret in the state whatever is passed. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Name that the certificate must be for. */
  readonly cname: pulumi.Input<string>;
  /** Namespace of the router. */
  readonly namespace: pulumi.Input<string>;
  /** The router's own Secret, which gets the copy. */
  readonly secretName: pulumi.Input<string>;
}

/** Both outputs are secrets, and stay what they are when v1's Secret goes. */
export class LegacyCertificate extends DynamicResource {
  declare readonly certificatePem: pulumi.Output<string>;
  declare readonly privateKeyPem: pulumi.Output<string>;

  constructor(name: string, args: LegacyCertificateArgs, opts: pulumi.CustomResourceOptions = {}) {
    const kubeconfig = pulumi.secret(args.kubeconfig);
    // `check` fills them in; the engine keeps secret what was secret under the same name.
    const pair = { certificatePem: pulumi.secret(""), privateKeyPem: pulumi.secret("") };
    const secrets = { additionalSecretOutputs: ["certificatePem", "privateKeyPem"] };
    const options = pulumi.mergeOptions(secrets, opts);
    const props = { ...args, kubeconfig, ...pair };
    super(shell, name, props, options);
  }
}
