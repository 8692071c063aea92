// ArgumentCheck: judges what a component was given inside Outputs, before any of its children changes.
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheckInputs } from "./operations/argument-check";

/** The library, resolved where the plugin runs: only this text goes into the state. */
function library(): typeof import("./operations/argument-check") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the serialized shell has no static imports
  return require("aml-inference/dist/provider/operations/argument-check") as typeof import("./operations/argument-check");
}

const argumentCheckProvider: pulumi.dynamic.ResourceProvider<ArgumentCheckInputs, object> = {
  check(olds, news) {
    return Promise.resolve(library().check(olds, news));
  },
  // Nothing depends on the values, so a change of theirs is not a change of this resource.
  diff() {
    return Promise.resolve({ changes: false });
  },
  create() {
    return Promise.resolve({ id: "checked", outs: {} });
  },
  update() {
    return Promise.resolve({ outs: {} });
  },
};

export interface ArgumentCheckArgs {
  /** Class name of the component. */
  readonly component: string;
  readonly name: string;
  /** The component's arguments; secrets among them marked as such. */
  readonly arguments: object;
}

/** Fails, with one sentence per problem, when arguments are illegal; else it is nothing. */
export class ArgumentCheck extends pulumi.dynamic.Resource {
  constructor(name: string, args: ArgumentCheckArgs, opts?: pulumi.CustomResourceOptions) {
    super(argumentCheckProvider, name, { ...args }, opts, "aml-inference", "ArgumentCheck");
  }
}
