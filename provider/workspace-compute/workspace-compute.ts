// The Pulumi resource that attaches an AKS cluster to an Azure Machine Learning workspace.
import * as pulumi from "@pulumi/pulumi";
import { type InstanceType } from "../../validation/compute/compute-settings";
import { type WorkspaceComputeInputs } from "../../validation/compute/compute-settings";
import { type WorkspaceComputeOutputs } from "./operations";
import { type WorkspaceComputeArgs } from "./workspace-compute-args";

// Serialized into the state as it stands, so it only finds the library and calls it.
const provider: pulumi.dynamic.ResourceProvider<WorkspaceComputeInputs, WorkspaceComputeOutputs> = {
  async configure(request) {
    (await import("aml-inference/provider/workspace-compute")).operations.configure(request.config);
  },
  async check(olds, news) {
    return (await import("aml-inference/provider/workspace-compute")).operations.check(olds, news);
  },
  async diff(id, olds, news) {
    return (await import("aml-inference/provider/workspace-compute")).operations.diff(
      id,
      olds,
      news,
    );
  },
  async create(inputs) {
    return (await import("aml-inference/provider/workspace-compute")).operations.create(inputs);
  },
  async read(id, props) {
    return (await import("aml-inference/provider/workspace-compute")).operations.read(id, props);
  },
  async update(id, olds, news) {
    return (await import("aml-inference/provider/workspace-compute")).operations.update(
      id,
      olds,
      news,
    );
  },
  async delete(id, props) {
    await (await import("aml-inference/provider/workspace-compute")).operations.delete(id, props);
  },
};

/**
 * A cluster, attached to a workspace as a compute (azureml-semantics, section 1): made, taken over, repaired or changed,
 * whatever is there. A second attachment of the same cluster is refused. Its removal detaches, and never deletes the
 * cluster. docs/workspace-compute.md has the arguments and what a change of each does.
 */
export class WorkspaceCompute extends pulumi.dynamic.Resource {
  /** Resource id of the compute. */
  declare readonly computeId: pulumi.Output<string>;
  /** `Succeeded` after every run that succeeded. */
  declare readonly provisioningState: pulumi.Output<string>;
  /** False where v1 itself created the cluster. */
  declare readonly isAttachedCompute: pulumi.Output<boolean>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly instanceTypes: pulumi.Output<Record<string, InstanceType> | undefined>;

  constructor(name: string, args: WorkspaceComputeArgs, opts: pulumi.CustomResourceOptions = {}) {
    const outputs = {
      computeId: undefined,
      provisioningState: undefined,
      isAttachedCompute: undefined,
      tlsDigest: undefined,
    };
    const ssl = args.ssl === undefined ? undefined : pulumi.secret(args.ssl);
    super(
      provider,
      name,
      { ...outputs, ...args, ssl },
      pulumi.mergeOptions({ additionalSecretOutputs: ["ssl"] }, opts),
      "aml-inference",
      "WorkspaceCompute",
    );
  }
}
