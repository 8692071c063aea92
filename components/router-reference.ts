// How an endpoint names the router that serves it, in this stack or another.
import * as pulumi from "@pulumi/pulumi";

/**
 * The outputs of an `AmlInferenceRouter` that endpoints need: the component itself, the outputs of a
 * StackReference, or literals.
 */
export interface RouterReference {
  /** Kubeconfig of the router's cluster. A secret. */
  kubeconfig: pulumi.Input<string>;
  /** Namespace of the router. */
  namespace: pulumi.Input<string>;
  /** What scoring URIs begin with, e.g. `https://score.contoso.com`. */
  scoringBaseUri: pulumi.Input<string>;
  /** What the cluster is for: `FastProd`, `DenseProd` or `DevTest`. */
  clusterPurpose?: pulumi.Input<string>;
}

/** What must be there before the router serves: the component, when it is one. */
export function routerResources(router: RouterReference): pulumi.Resource[] {
  return pulumi.Resource.isInstance(router) ? [router] : [];
}
