// ArgumentCheck: judges what a component was given inside Outputs, before any of its children changes.
import * as pulumi from "@pulumi/pulumi";
import { type ArgumentCheckInputs } from "./operations/argument-check";

// Serialized into the state as it stands: it only finds the library and calls it.
const provider: pulumi.dynamic.ResourceProvider<ArgumentCheckInputs, object> = {
  async check(olds, news) {
    return (await import("aml-inference/provider/argument-check")).check(olds, news);
  },
  async diff() {
    return (await import("aml-inference/provider/argument-check")).diff();
  },
  async create() {
    return (await import("aml-inference/provider/argument-check")).create();
  },
};

export interface ArgumentCheckArgs {
  /** Class name of the component. */
  readonly component: string;
  readonly name: string;
  /** The component's arguments; secrets among them marked as such. */
  readonly arguments: object;
  /** Problems that the component found by asking others. */
  readonly found?: pulumi.Input<readonly object[]>;
  /** The same, refused only while the arguments are new. */
  readonly foundAtFirst?: pulumi.Input<readonly object[]>;
}

/** Fails, with one sentence per problem, when arguments are illegal; else it is nothing. */
export class ArgumentCheck extends pulumi.dynamic.Resource {
  constructor(name: string, args: ArgumentCheckArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "aml-inference", "ArgumentCheck");
  }
}
