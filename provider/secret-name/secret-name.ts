// SecretName: the end of a Secret's name that changes whenever the Secret's data do.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("SecretName", ["check", "diff", "create", "update"]);

export interface SecretNameArgs {
  /** The Secret's data. A secret. */
  readonly data: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Lets pods that name a Secret be replaced when its data change, and lets the former Secret live on beside the new one,
 * since a failed roll-out goes back to pods that name it. The end is random: a digest would let whoever may read pods try
 * likely values, and would bring a name back that the engine still has to delete.
 */
export class SecretName extends DynamicResource {
  /** Ten letters and digits. */
  declare readonly suffix: pulumi.Output<string>;

  constructor(name: string, args: SecretNameArgs, opts: pulumi.CustomResourceOptions = {}) {
    const props = { data: pulumi.secret(args.data), suffix: undefined };
    super(shell, name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["data"] }, opts));
  }
}
