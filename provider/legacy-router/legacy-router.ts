// LegacyRouter: what Azure ML v1's router left in the cluster, named at every preview, removed when asked.
import * as pulumi from "@pulumi/pulumi";
import { type LegacyRouterInputs } from "./operations";

// Serialized into the state as it stands: it only finds the library and calls it.
const provider: pulumi.dynamic.ResourceProvider<LegacyRouterInputs, object> = {
  async check(olds, news) {
    return (await import("aml-inference/provider/legacy-router")).check(olds, news);
  },
  async diff(_id, olds, news) {
    return (await import("aml-inference/provider/legacy-router")).diff(olds, news);
  },
  async create(news) {
    return (await import("aml-inference/provider/legacy-router")).create(news);
  },
  async update(_id, olds, news) {
    return (await import("aml-inference/provider/legacy-router")).update(olds, news);
  },
};

export interface LegacyRouterArgs {
  /** Text of the kubeconfig. A secret in the state whatever is passed. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether what is found is removed. */
  readonly remove: pulumi.Input<boolean>;
}

/** Nothing in itself: without leftovers, and with `remove` false, it never changes; deleting it touches nothing. */
export class LegacyRouter extends pulumi.dynamic.Resource {
  constructor(name: string, args: LegacyRouterArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(provider, name, props, opts, "aml-inference", "LegacyRouter");
  }
}
