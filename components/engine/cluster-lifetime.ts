// What ends with a cluster: the objects in one that the same program creates need not be deleted when it is.
import * as pulumi from "@pulumi/pulumi";
import { NetworkPolicy } from "../../contracts/choices";

/** The same symbol in every copy of this package: cluster and router may come from two. */
const CREATED = Symbol.for("aml-inference.created-cluster");

/** The same symbol in every copy of this package, as above. */
const NETWORK_POLICY = Symbol.for("aml-inference.network-policy");

/**
 * Lets components recognize the cluster that a kubeconfig comes from as one that the program creates.
 * @param networkPolicy what enforces network policies in it; undefined or "none": nothing does
 */
export function markCreatedCluster(
  cluster: pulumi.Resource,
  networkPolicy: pulumi.Output<string | undefined>,
): void {
  Object.defineProperty(cluster, CREATED, { value: true });
  Object.defineProperty(cluster, NETWORK_POLICY, { value: networkPolicy });
}

/** Says in a preview that NetworkPolicies have no effect, where the program itself creates such a cluster. */
export function tellUnenforced(component: pulumi.Resource, kubeconfig: pulumi.Input<string>): void {
  const cluster = createdCluster(kubeconfig) as
    { readonly [NETWORK_POLICY]?: pulumi.Output<string | undefined> } | undefined;
  if (!pulumi.runtime.isDryRun()) return;
  cluster?.[NETWORK_POLICY]?.apply((policy) => {
    if (policy !== undefined && policy !== NetworkPolicy.None) return undefined;
    const sentence =
      "the cluster enforces no NetworkPolicies, so each of its pods can call the models without a key: networkPolicy of the AmlAksCluster changes that";
    return pulumi.log.info(sentence, component);
  });
}

/**
 * Resource options that tie what is reached through the kubeconfig to the life of a cluster of this program; none for a
 * cluster of other origin. Deleted with the cluster, nothing is deleted in it. Replaced with the cluster, all is deleted
 * while the old one still answers, and created in the new one: engines from 3.260 on derive that from `deletedWith`, and
 * then delete nothing, either (pulumi/pulumi#23818).
 */
export function clusterLifetime(
  kubeconfig: pulumi.Input<string>,
): Pick<pulumi.CustomResourceOptions, "deletedWith" | "replaceWith"> {
  const cluster = createdCluster(kubeconfig);
  return cluster === undefined ? {} : { deletedWith: cluster, replaceWith: [cluster] };
}

/** The same symbol in every copy of this package, as above. */
const LAST = Symbol.for("aml-inference.last-in-cluster");

/**
 * Tells the cluster of this program, if the kubeconfig comes from one, about a resource that is created last of a
 * component in it: it depends on all others of the component.
 */
export function tellCluster(kubeconfig: pulumi.Input<string>, last: pulumi.Resource): void {
  const cluster = createdCluster(kubeconfig);
  if (cluster === undefined) return;
  const known = lastInCluster(cluster);
  Object.defineProperty(cluster, LAST, { value: [...known, last], configurable: true });
}

/** What `tellCluster` was told until now. */
export function lastInCluster(cluster: pulumi.Resource): readonly pulumi.Resource[] {
  return (cluster as { readonly [LAST]?: readonly pulumi.Resource[] })[LAST] ?? [];
}

/** The one cluster of this program that the kubeconfig comes from. */
function createdCluster(kubeconfig: pulumi.Input<string>): pulumi.Resource | undefined {
  const clusters = resourcesOf(kubeconfig).filter((resource) => CREATED in resource);
  return clusters.length === 1 ? clusters[0] : undefined;
}

/** The resources that an Output comes from; none for a plain value. */
export function resourcesOf(value: pulumi.Input<unknown>): readonly pulumi.Resource[] {
  if (!pulumi.Output.isInstance(value)) return [];
  // The SDK has the member at run time; its published types leave it out.
  const { resources } = value as unknown as { resources?: () => Set<pulumi.Resource> };
  return [...(resources?.call(value) ?? [])];
}
