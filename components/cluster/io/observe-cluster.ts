// The live cluster and its kubeconfig, looked up by an id that a preview knows.
import {
  getManagedCluster,
  type GetManagedClusterResult,
  listManagedClusterUserCredentials,
} from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { withoutLoginPrompt } from "../core/cluster-kubeconfig";
import { namesIn } from "../../../azure/core/azure-id";
import { type LookUpCluster } from "./look-up-cluster";

export interface ObservedCluster {
  readonly cluster: GetManagedClusterResult;
  readonly kubeconfig: string;
}

/**
 * The live cluster. By its id and not by its outputs: those are unknown in the preview of an update, and an unknown
 * kubeconfig would show everything in the cluster as replaced.
 * @param lookUp a cached look-up, when the cluster can't have changed since
 */
export function observeCluster(
  id: pulumi.Input<string>,
  opts: pulumi.InvokeOptions,
  lookUp: LookUpCluster = (named) => getManagedCluster(named, opts),
): pulumi.Output<ObservedCluster> {
  return pulumi.secret(
    pulumi.output(id).apply(async (known) => {
      const { resourceGroupName, name: resourceName } = namesIn(known);
      const named = { resourceGroupName, resourceName };
      const cluster = await lookUp(named);
      const { kubeconfigs } = await listManagedClusterUserCredentials(named, opts);
      const [first] = kubeconfigs;
      if (first === undefined) throw new pulumi.RunError(`Azure gave no kubeconfig for ${known}`);
      const text = Buffer.from(first.value, "base64").toString("utf8");
      return { cluster, kubeconfig: withoutLoginPrompt(text) };
    }),
  );
}
