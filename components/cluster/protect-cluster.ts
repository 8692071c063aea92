// Refuses a destroy of a protected cluster before anything of it, or in it, is deleted.
import type * as pulumi from "@pulumi/pulumi";
import { ClusterProtection } from "../../provider/cluster-protection/cluster-protection";
import { lastInCluster } from "../engine/cluster-lifetime";

export interface ProtectedCluster {
  readonly cluster: pulumi.Resource;
  readonly clusterName: pulumi.Input<string>;
  /** `protectCluster`. */
  readonly isProtected: pulumi.Input<boolean>;
  /** Everything of the component on which nothing else of it depends: pools, maintenance, rights. */
  readonly parts: readonly (readonly pulumi.Resource[] | Promise<readonly pulumi.Resource[]>)[];
}

/** The engine's own protection of the cluster stays: a preview of a destroy fails by it, and `up` in any case. */
export function protectCluster(
  component: pulumi.ComponentResource,
  name: string,
  { cluster, parts, ...args }: ProtectedCluster,
): void {
  // Routers and endpoints are declared after the cluster, in the same turn unless the program waits.
  const others = new Promise<readonly pulumi.Resource[]>((resolve) => {
    setImmediate(() => resolve(lastInCluster(cluster)));
  });
  const all = [...parts, others].map((each) => Promise.resolve(each));
  const dependsOn = Promise.all(all).then((declared) => [cluster, ...declared.flat()]);
  new ClusterProtection(name, args, { parent: component, dependsOn });
}
