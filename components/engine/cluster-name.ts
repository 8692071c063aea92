// Which cluster a RouterReference leads to, as a name: the same in every run, whatever the order of declaration.
import type * as pulumi from "@pulumi/pulumi";
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { digest } from "../../values/digest";
import { resourcesOf } from "./cluster-lifetime";
import { type RouterReference } from "./router-reference";

const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** Enough to tell the clusters of one program apart. */
const DIGEST_LENGTH = 8;

/** Server and certificate authority as one text. The argument check reports what is wrong with the kubeconfig. */
export function clusterIdentifier(kubeconfig: string): string {
  const read = readKubeConfig(kubeconfig);
  if (!read.ok) return "no cluster";
  return `${read.identity.server} ${read.identity.certificateAuthority}`.trim();
}

/**
 * The first of these that is known while the program runs: the reference's own `clusterName`; a digest of server and
 * certificate authority, when the kubeconfig is a plain string; a digest of the StackReferences' names that the
 * kubeconfig comes from; else `default` (docs/decisions/cluster-provider-names.md).
 */
export function clusterNameOf({ clusterName, kubeconfig }: RouterReference): string {
  if (clusterName !== undefined) return clusterName;
  if (typeof kubeconfig === "string") return shortDigest(clusterIdentifier(kubeconfig));
  const stacks = stackReferenceNames(kubeconfig);
  return stacks.length === 0 ? "default" : shortDigest(stacks.join("\n"));
}

function stackReferenceNames(kubeconfig: pulumi.Input<string>): string[] {
  const names = resourcesOf(kubeconfig).flatMap((resource) => {
    // The SDK has both members at run time; its published types leave them out.
    const { __pulumiType: type, __name: name } = resource as unknown as SdkResource;
    return type === STACK_REFERENCE && name !== undefined ? [name] : [];
  });
  return names.sort();
}

interface SdkResource {
  readonly __pulumiType?: string;
  readonly __name?: string;
}

function shortDigest(text: string): string {
  return digest(text).slice(0, DIGEST_LENGTH);
}
