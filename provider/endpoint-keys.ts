// EndpointKeys: the two keys of an endpoint, made once, kept in the state as secrets.
import * as pulumi from "@pulumi/pulumi";
import type { KeyInputs, KeyOutputs } from "./core/endpoint-keys";

/** The library, resolved where the plugin runs: only this text goes into the state (reference: dynamic providers). */
function library(): typeof import("./operations/endpoint-keys") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the serialized shell has no static imports
  return require("aml-inference/dist/provider/operations/endpoint-keys") as typeof import("./operations/endpoint-keys");
}

const endpointKeysProvider: pulumi.dynamic.ResourceProvider<KeyInputs, KeyOutputs> = {
  check(olds, news) {
    return Promise.resolve(library().check(olds, news));
  },
  diff(_id, olds, news) {
    return Promise.resolve(library().diff(olds, news));
  },
  create(news) {
    return Promise.resolve({ id: "keys", outs: library().create(news) });
  },
  update(_id, olds, news) {
    return Promise.resolve({ outs: library().update(olds, news) });
  },
};

export interface EndpointKeysArgs {
  /** Raise it to replace the generated key. */
  readonly primaryKeyVersion: pulumi.Input<number>;
  readonly secondaryKeyVersion: pulumi.Input<number>;
  /** The user's own key instead of a generated one. */
  readonly primaryKey?: pulumi.Input<string>;
  readonly secondaryKey?: pulumi.Input<string>;
}

/** Two keys of 32 letters and digits (azureml-semantics, row 67). Both outputs are secrets. */
export class EndpointKeys extends pulumi.dynamic.Resource {
  declare readonly primaryKey: pulumi.Output<string>;
  declare readonly secondaryKey: pulumi.Output<string>;

  constructor(name: string, args: EndpointKeysArgs, opts: pulumi.CustomResourceOptions = {}) {
    const outputs = { given: undefined };
    const keys = {
      primaryKey: args.primaryKey === undefined ? undefined : pulumi.secret(args.primaryKey),
      secondaryKey: args.secondaryKey === undefined ? undefined : pulumi.secret(args.secondaryKey),
    };
    super(
      endpointKeysProvider,
      name,
      { ...outputs, ...args, ...keys },
      pulumi.mergeOptions({ additionalSecretOutputs: ["primaryKey", "secondaryKey"] }, opts),
      "aml-inference",
      "EndpointKeys",
    );
  }
}
