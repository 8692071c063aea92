// ArgumentCheck: validates what a component was given inside Outputs, before any of its children changes.
import * as pulumi from "@pulumi/pulumi";
import {
  type ComponentArguments,
  type ComponentArgumentsArgs,
} from "../engine/component-arguments";

// Serialized into the state as it stands: it only finds the library and calls it.
const provider: pulumi.dynamic.ResourceProvider<ComponentArguments, object> = {
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

/** Fails, with one sentence per problem, when arguments are illegal; else it is nothing. */
export class ArgumentCheck extends pulumi.dynamic.Resource {
  constructor(name: string, args: ComponentArgumentsArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "aml-inference", "ArgumentCheck");
  }
}
