// EndpointKeys: the two keys of an endpoint, generated once and kept as secrets in the state.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ComponentArgumentsArgs } from "../engine/component-arguments";

const shell = resourceShell("EndpointKeys", ["check", "diff", "create", "update"]);

export interface EndpointKeysArgs {
  /** The endpoint's arguments, validated here: this saves every endpoint an ArgumentCheck in the state. */
  readonly endpointArguments: ComponentArgumentsArgs;
  /** Increase it to replace the generated key. */
  readonly primaryKeyVersion: pulumi.Input<number>;
  readonly secondaryKeyVersion: pulumi.Input<number>;
  /** The user's own key instead of a generated one. */
  readonly primaryKey?: pulumi.Input<string>;
  readonly secondaryKey?: pulumi.Input<string>;
}

/**
 * Two keys of 32 letters and digits (azureml-semantics, row 67). Both outputs are secrets. Fails with one sentence per
 * illegal argument of the endpoint, so that resources that depend on it change only when all arguments are legal.
 */
export class EndpointKeys extends DynamicResource {
  declare readonly primaryKey: pulumi.Output<string>;
  declare readonly secondaryKey: pulumi.Output<string>;
  /** Namespace of the endpoint, known in previews. Undefined in a state of earlier code. */
  declare readonly namespace: pulumi.Output<string | undefined>;

  constructor(name: string, args: EndpointKeysArgs, opts: pulumi.CustomResourceOptions = {}) {
    const keys = {
      primaryKey: args.primaryKey === undefined ? undefined : pulumi.secret(args.primaryKey),
      secondaryKey: args.secondaryKey === undefined ? undefined : pulumi.secret(args.secondaryKey),
    };
    super(
      shell,
      name,
      { ...args, ...keys, namespace: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["primaryKey", "secondaryKey"] }, opts),
    );
  }
}
