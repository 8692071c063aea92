// Loads the parts of a cluster when a program declares one: they need @pulumi/azure-native, which other programs go without.
import * as pulumi from "@pulumi/pulumi";
import type * as attached from "./attach-cluster";
import type * as created from "./cluster-parts";

type ClusterParts = Pick<typeof attached, "attachCluster"> &
  Pick<typeof created, "createClusterParts">;

/**
 * What creates a cluster, and what attaches one.
 * @throws RunError when @pulumi/azure-native is not installed
 */
export function loadClusterParts(): ClusterParts {
  try {
    /* eslint-disable @typescript-eslint/no-require-imports -- `import()` would make the component's constructor wait */
    const { attachCluster } = require("./attach-cluster") as typeof attached;
    const { createClusterParts } = require("./cluster-parts") as typeof created;
    /* eslint-enable @typescript-eslint/no-require-imports */
    return { attachCluster, createClusterParts };
  } catch (error) {
    if (!lacksAzureNative(error)) throw error;
    throw new pulumi.RunError(
      "AmlAksCluster needs the package @pulumi/azure-native, which is not installed: add it to the program's dependencies (npm install @pulumi/azure-native)",
    );
  }
}

function lacksAzureNative(error: unknown): boolean {
  return (
    (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND" &&
    (error as Error).message.startsWith("Cannot find module '@pulumi/azure-native/")
  );
}
