// The settings of a pool's nodes, as the properties of AKS that they set.
import { type AgentPoolArgs } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { type NodeArgs, type PoolArgs, type SystemPoolArgs } from "./aml-aks-cluster-args";
import { from } from "./given-late";

type NodeProperties = Pick<
  AgentPoolArgs,
  | "osSKU"
  | "osDiskType"
  | "osDiskSizeGB"
  | "maxPods"
  | "enableEncryptionAtHost"
  | "nodeLabels"
  | "upgradeSettings"
>;

/** Only what is given: the rest is AKS's choice, and stays as it is in a pool that exists. */
export function nodeProperties(given: pulumi.Input<NodeArgs> | undefined): NodeProperties {
  const value = <Name extends keyof NodeArgs>(name: Name) =>
    from(given, (nodes) => nodes?.[name] as pulumi.Input<unknown>);
  const upgrades = from(given, (nodes) => {
    const { maxSurge, drainTimeoutMinutes } = nodes ?? {};
    if (maxSurge === undefined && drainTimeoutMinutes === undefined) return undefined;
    return {
      ...(maxSurge === undefined ? {} : { maxSurge }),
      ...(drainTimeoutMinutes === undefined ? {} : { drainTimeoutInMinutes: drainTimeoutMinutes }),
    };
  });
  return onlyGiven<NodeProperties>({
    osSKU: value("osSku"),
    osDiskType: value("osDiskType"),
    osDiskSizeGB: value("osDiskSizeGb"),
    maxPods: value("maxPods"),
    enableEncryptionAtHost: value("encryptionAtHost"),
    nodeLabels: value("labels"),
    upgradeSettings: upgrades,
  });
}

/** Of these settings, those that AKS can't change in a live pool; undefined when none is given. */
export function fixedSettings(
  given: pulumi.Input<NodeArgs> | undefined,
): pulumi.Input<object | undefined> {
  return from(given, (nodes) => {
    if (nodes === undefined) return undefined;
    const { osDiskType, osDiskSizeGb, maxPods, encryptionAtHost } = nodes;
    // No encryption is what a pool has without the setting.
    return pulumi.output({ osDiskType, osDiskSizeGb, maxPods, encryptionAtHost }).apply((fixed) => {
      const given = Object.entries(fixed).filter(
        ([, each]) => ![undefined, false].includes(each as undefined),
      );
      return given.length === 0 ? undefined : Object.fromEntries(given);
    });
  });
}

interface Counts {
  readonly count?: pulumi.Input<number>;
  readonly enableAutoScaling: boolean;
  readonly minCount?: pulumi.Input<number>;
  readonly maxCount?: pulumi.Input<number>;
}

/** A fixed number of nodes, or bounds between which AKS decides. */
export function poolCounts(
  pool: Pick<PoolArgs | SystemPoolArgs, "count" | "minCount" | "maxCount">,
  otherwise: pulumi.Input<number>,
): Counts {
  const { count = otherwise, minCount, maxCount } = pool;
  if (minCount === undefined || maxCount === undefined) return { count, enableAutoScaling: false };
  // A new pool starts at its minimum.
  return { count: minCount, enableAutoScaling: true, minCount, maxCount };
}

/** A copy without what is undefined. */
export function onlyGiven<T extends object>(properties: Readonly<Record<string, unknown>>): T {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as T;
}
