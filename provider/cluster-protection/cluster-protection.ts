// ClusterProtection: refuses a destroy of a protected cluster before anything is deleted.
import type * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

export interface ClusterProtectionArgs {
  /** The cluster's name, for the error. */
  readonly clusterName: pulumi.Input<string>;
  /** True: it can't be deleted. */
  readonly isProtected: pulumi.Input<boolean>;
}

const shell = resourceShell("ClusterProtection", ["check", "diff", "create", "update", "delete"]);

/**
 * Can't be deleted while the cluster is protected. The engine deletes what depends on others first: this resource depends
 * on the cluster and on what is in it, so its error comes before any deletion.
 */
export class ClusterProtection extends DynamicResource {
  constructor(name: string, args: ClusterProtectionArgs, opts?: pulumi.CustomResourceOptions) {
    super(shell, name, { ...args }, opts);
  }
}
