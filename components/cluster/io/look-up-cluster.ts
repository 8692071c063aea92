// Looks up managed clusters and caches the results, for use before the cluster is created or changed.
import {
  getManagedCluster,
  type GetManagedClusterResult,
} from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

export interface ClusterNames {
  readonly resourceGroupName: string;
  readonly resourceName: string;
}

/** Reads the live cluster. Rejects when it does not exist or Azure can't be queried. */
export type LookUpCluster = (named: ClusterNames) => Promise<GetManagedClusterResult>;

/** Caches clusters that were found. A failed look-up is repeated by the next call. */
export function rememberedLookUp(opts: pulumi.InvokeOptions): LookUpCluster {
  const found = new Map<string, Promise<GetManagedClusterResult>>();
  return (named) => {
    const key = `${named.resourceGroupName}/${named.resourceName}`.toLowerCase();
    const known = found.get(key);
    if (known !== undefined) return known;
    const look = getManagedCluster(named, opts);
    found.set(key, look);
    look.catch(() => found.delete(key));
    return look;
  };
}
