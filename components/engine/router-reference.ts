// How an endpoint names the router that serves it, in this stack or another.
import type * as pulumi from "@pulumi/pulumi";

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

/** Of a router component, what its endpoints in the same program use. */
export interface RouterParts {
  /** Reaches the router's cluster. */
  readonly provider: pulumi.ProviderResource;
  /** What serves; all that it needs is there before it. */
  readonly deployment: pulumi.Resource;
}

const shared = new WeakMap<object, RouterParts>();

/** Lets endpoints use the parts of this router. */
export function shareRouterParts(router: object, parts: RouterParts): void {
  shared.set(router, parts);
}

/** Undefined for a router of another stack, and for literals. */
export function routerPartsOf(router: RouterReference): RouterParts | undefined {
  return shared.get(router);
}
