// Looks managed clusters up, once for all who ask before the cluster is made or changed.
import {
  getManagedCluster,
  type GetManagedClusterResult,
} from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

export interface ClusterNames {
  readonly resourceGroupName: string;
  readonly resourceName: string;
}

/** The cluster as Azure has it; rejects when there is none, or when Azure can't be asked. */
export type LookUpCluster = (named: ClusterNames) => Promise<GetManagedClusterResult>;

/** Remembers what it found; what failed is tried again by the next who asks. */
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
