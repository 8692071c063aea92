// Add-ons of a cluster, each off unless asked for.
import type * as pulumi from "@pulumi/pulumi";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { withDefault } from "../engine/inputs";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";

export interface EnabledFeatures {
  /** AKS's `addonProfiles`; disabled ones are sent as disabled, since Azure keeps what a PUT leaves out. */
  readonly addons: Record<
    string,
    { enabled: pulumi.Input<boolean>; config?: pulumi.Input<Record<string, pulumi.Input<string>>> }
  >;
  /** Part of AKS's `securityProfile`. */
  readonly defender: {
    readonly defender: {
      securityMonitoring: { enabled: pulumi.Input<boolean> };
      logAnalyticsWorkspaceResourceId?: pulumi.Input<string>;
    };
  };
  /** AKS's `azureMonitorProfile`; undefined unless asked for. */
  readonly monitor: { metrics: { enabled: pulumi.Input<boolean> } } | undefined;
}

export function clusterFeatures(args: AmlAksClusterArgs): EnabledFeatures {
  const { logAnalyticsWorkspaceId: workspace } = args;
  const reportsTo = workspace === undefined ? {} : { logAnalyticsWorkspaceResourceId: workspace };
  return {
    addons: {
      omsagent:
        workspace === undefined
          ? { enabled: false }
          : {
              enabled: true,
              config: { logAnalyticsWorkspaceResourceID: workspace, useAADAuth: "true" },
            },
      azurepolicy: {
        enabled: withDefault(args.azurePolicy, CLUSTER_ARGUMENTS.azurePolicy.default),
      },
    },
    defender: {
      defender: {
        securityMonitoring: {
          enabled: withDefault(args.defender, CLUSTER_ARGUMENTS.defender.default),
        },
        ...reportsTo,
      },
    },
    monitor:
      args.azureMonitorMetrics === undefined
        ? undefined
        : { metrics: { enabled: args.azureMonitorMetrics } },
  };
}
