// EndpointKeys: the two keys of an endpoint, made once, kept in the state as secrets; its check judges the endpoint.
import * as pulumi from "@pulumi/pulumi";
import { type ComponentArgumentsArgs } from "../engine/component-arguments";
import { type KeyOutputs } from "./core/next-keys";
import { type EndpointKeysInputs } from "./operations";

// Serialized into the state as it stands: it only finds the library and calls it.
const provider: pulumi.dynamic.ResourceProvider<EndpointKeysInputs, KeyOutputs> = {
  async check(olds, news) {
    return (await import("aml-inference/provider/endpoint-keys")).check(olds, news);
  },
  async diff(_id, olds, news) {
    return (await import("aml-inference/provider/endpoint-keys")).diff(olds, news);
  },
  async create(news) {
    return (await import("aml-inference/provider/endpoint-keys")).create(news);
  },
  async update(_id, olds, news) {
    return (await import("aml-inference/provider/endpoint-keys")).update(olds, news);
  },
};

export interface EndpointKeysArgs {
  /** The endpoint's arguments, judged as an ArgumentCheck does: an entry less in the state of every endpoint. */
  readonly judged: ComponentArgumentsArgs;
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
export class EndpointKeys extends pulumi.dynamic.Resource {
  declare readonly primaryKey: pulumi.Output<string>;
  declare readonly secondaryKey: pulumi.Output<string>;

  constructor(name: string, args: EndpointKeysArgs, opts: pulumi.CustomResourceOptions = {}) {
    const keys = {
      primaryKey: args.primaryKey === undefined ? undefined : pulumi.secret(args.primaryKey),
      secondaryKey: args.secondaryKey === undefined ? undefined : pulumi.secret(args.secondaryKey),
    };
    super(
      provider,
      name,
      { ...args, ...keys },
      pulumi.mergeOptions({ additionalSecretOutputs: ["primaryKey", "secondaryKey"] }, opts),
      "aml-inference",
      "EndpointKeys",
    );
  }
}
