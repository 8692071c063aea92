// The Kubernetes provider through which components reach a cluster: one per router, shared by its endpoints.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { type RouterReference, routerPartsOf } from "./router-reference";

/** Any Kubernetes resource: it asks whether an own provider was handed down for the package. */
const MODULE_MEMBER = "kubernetes:core/v1:Namespace";

const references = new WeakMap<RouterReference, pulumi.ProviderResource>();
let count = 0;

/**
 * A provider that adopts what exists, and that stays the same while server and certificate authority do: renewed
 * credentials change nothing (haproxy-tried, rules 2 and 15).
 */
export function createClusterProvider(
  name: string,
  kubeconfig: pulumi.Input<string>,
  opts: pulumi.ResourceOptions,
): k8s.Provider {
  const secret = pulumi.secret(kubeconfig);
  const args = {
    kubeconfig: secret,
    clusterIdentifier: pulumi.unsecret(secret.apply(clusterIdentifier)),
    enableServerSideApply: true,
    upsertExistingObjects: true,
    // What we declare is ours: an edit by somebody else is healed, not a conflict.
    enablePatchForce: true,
  };
  return new k8s.Provider(name, args, opts);
}

/** Server and certificate authority as one text. What is wrong with the kubeconfig, the argument check says. */
function clusterIdentifier(kubeconfig: string): string {
  const read = readKubeConfig(kubeconfig);
  if (!read.ok) return "no cluster";
  return `${read.identity.server} ${read.identity.certificateAuthority}`.trim();
}

/**
 * The provider of an endpoint: the one its options hand down, else its router's, else one per RouterReference.
 */
export function clusterProviderOf(
  component: pulumi.ComponentResource,
  router: RouterReference,
): pulumi.ProviderResource {
  const handedDown = component.getProvider(MODULE_MEMBER);
  if (handedDown !== undefined) return handedDown;
  const known = routerPartsOf(router)?.provider ?? references.get(router);
  if (known !== undefined) return known;
  count += 1;
  const name = count === 1 ? "aml-inference-cluster" : `aml-inference-cluster-${count}`;
  const provider = createClusterProvider(name, router.kubeconfig, {});
  references.set(router, provider);
  return provider;
}
