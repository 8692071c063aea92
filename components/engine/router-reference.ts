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
  /**
   * Names the cluster within the program. Default: known from a kubeconfig that is a plain string, or from the
   * StackReference that it comes from. Needed only when a program reaches several clusters and a preview asks for it.
   */
  clusterName?: string;
}

/** The parts of a router component that endpoints of the same program use. */
export interface RouterParts {
  /** Reaches the router's cluster. */
  readonly provider: pulumi.ProviderResource;
  /** The router's Deployment; it depends on everything else that the router needs. */
  readonly deployment: pulumi.Resource;
}

/** The same symbol in every copy of this package: router and endpoint may come from two. */
const PARTS = Symbol.for("aml-inference.router-parts");

/** Lets endpoints use the parts of this router. A copy of the router's outputs does not have them. */
export function shareRouterParts(router: object, parts: RouterParts): void {
  Object.defineProperty(router, PARTS, { value: parts });
}

/** Undefined for a router of another stack, and for literals. */
export function routerPartsOf(router: RouterReference): RouterParts | undefined {
  return (router as { readonly [PARTS]?: RouterParts })[PARTS];
}
