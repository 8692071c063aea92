// EndpointKeys: the two keys of an endpoint, made once, kept in the state as secrets; its check validates the endpoint.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ComponentArgumentsArgs } from "../engine/component-arguments";

const shell = resourceShell("EndpointKeys", ["check", "diff", "create", "update"]);

export interface EndpointKeysArgs {
  /** The endpoint's arguments, validated as an ArgumentCheck does: an entry less in the state of every endpoint. */
  readonly endpointArguments: ComponentArgumentsArgs;
  /** Raise it to replace the generated key. */
  readonly primaryKeyVersion: pulumi.Input<number>;
  readonly secondaryKeyVersion: pulumi.Input<number>;
  /** The user's own key instead of a generated one. */
  readonly primaryKey?: pulumi.Input<string>;
  readonly secondaryKey?: pulumi.Input<string>;
}

/**
 * Two keys of 32 letters and digits (azureml-semantics, row 67). Both outputs are secrets. Fails, with one sentence per
 * problem, when the endpoint's arguments are illegal: what depends on it changes only when all is legal.
 */
export class EndpointKeys extends DynamicResource {
  declare readonly primaryKey: pulumi.Output<string>;
  declare readonly secondaryKey: pulumi.Output<string>;

  constructor(name: string, args: EndpointKeysArgs, opts: pulumi.CustomResourceOptions = {}) {
    const keys = {
      primaryKey: args.primaryKey === undefined ? undefined : pulumi.secret(args.primaryKey),
      secondaryKey: args.secondaryKey === undefined ? undefined : pulumi.secret(args.secondaryKey),
    };
    super(
      shell,
      name,
      { ...args, ...keys },
      pulumi.mergeOptions({ additionalSecretOutputs: ["primaryKey", "secondaryKey"] }, opts),
    );
  }
}
