// The Pulumi resource for the autoscaler: its code and its pods, rolled out and verified.
import * as pulumi from "@pulumi/pulumi";
import { type ContainerResourcesArgs } from "../release/container-resources-args";
import { type AutoscalerInputs } from "./operations";
import { type ReleaseOutputs } from "../release/release-operations";

export interface AutoscalerDeploymentArgs {
  /** Text of the kubeconfig. A secret in the state whatever is passed. */
  kubeconfig: pulumi.Input<string>;
  /** Existing namespace. Can't be changed. */
  namespace: pulumi.Input<string>;
  /** Name of the Deployment; can't be changed. Default `aml-inference-autoscaler`. */
  name?: pulumi.Input<string>;
  /** Image with Node 24. Default `node:24`. */
  image?: pulumi.Input<string>;
  /** Pods, of which one leads; 1 to 5. Default 2. */
  replicas?: pulumi.Input<number>;
  /** ServiceAccount that the pods run as. */
  serviceAccountName: pulumi.Input<string>;
  /** Name of the routers' Deployment. */
  routerName: pulumi.Input<string>;
  /** ServiceAccount of the routers: only its tokens may report. */
  routerServiceAccountName: pulumi.Input<string>;
  /** Requests and limits. Default requests 100m CPU and 128Mi, limit 512Mi. */
  resources?: pulumi.Input<ContainerResourcesArgs>;
  /** Seconds that a roll-out may take, 1 to 3600. Default 300. */
  rolloutTimeoutSeconds?: pulumi.Input<number>;
}

// Serialized into the state as it stands, so it only finds the library and calls it.
const provider: pulumi.dynamic.ResourceProvider<
  AutoscalerInputs,
  ReleaseOutputs<AutoscalerInputs>
> = {
  async check(olds, news) {
    return (await import("aml-inference/provider/autoscaler-deployment")).operations.check(
      olds,
      news,
    );
  },
  async diff(id, olds, news) {
    return (await import("aml-inference/provider/autoscaler-deployment")).operations.diff(
      id,
      olds,
      news,
    );
  },
  async create(inputs) {
    return (await import("aml-inference/provider/autoscaler-deployment")).operations.create(inputs);
  },
  async read(id, props) {
    return (await import("aml-inference/provider/autoscaler-deployment")).operations.read(
      id,
      props,
    );
  },
  async update(id, olds, news) {
    return (await import("aml-inference/provider/autoscaler-deployment")).operations.update(
      id,
      olds,
      news,
    );
  },
  async delete(id, props) {
    await (
      await import("aml-inference/provider/autoscaler-deployment")
    ).operations.delete(id, props);
  },
};

/** The autoscaler's code as an immutable ConfigMap and its Deployment; a release that can't become ready gives way to the former one. */
export class AutoscalerDeployment extends pulumi.dynamic.Resource {
  constructor(name: string, args: AutoscalerDeploymentArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(provider, name, props, opts, "aml-inference", "AutoscalerDeployment");
  }
}
