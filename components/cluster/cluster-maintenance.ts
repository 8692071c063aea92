// A cluster's maintenance window: when AKS may upgrade Kubernetes and the machines' images.
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { MAINTENANCE_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { type AmlAksClusterArgs, type MaintenanceWindowArgs } from "./aml-aks-cluster-args";

/** Creates the window when one is given. */
export function createMaintenance(
  name: string,
  args: AmlAksClusterArgs,
  place: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): MaintenanceConfiguration[] {
  const { maintenanceWindow } = args;
  if (maintenanceWindow === undefined) return [];
  // One schedule for Kubernetes, one for the machines' images (learn.microsoft.com/azure/aks/planned-maintenance).
  const schedules = [
    ["kubernetes", "aksManagedAutoUpgradeSchedule"],
    ["node-images", "aksManagedNodeOSUpgradeSchedule"],
  ] as const;
  return schedules.map(
    ([suffix, configName]) =>
      new MaintenanceConfiguration(
        `${name}-${suffix}`,
        {
          resourceGroupName: place.resourceGroupName,
          resourceName: place.clusterName,
          configName,
          maintenanceWindow: maintenanceSchedule(maintenanceWindow),
        },
        opts,
      ),
  );
}

/** Every week, on one day. */
function maintenanceSchedule(window: MaintenanceWindowArgs) {
  return {
    durationHours: window.durationHours ?? MAINTENANCE_ARGUMENTS.durationHours.default,
    startTime: window.startTime,
    utcOffset: window.utcOffset ?? MAINTENANCE_ARGUMENTS.utcOffset.default,
    schedule: { weekly: { dayOfWeek: pulumi.output(window.dayOfWeek), intervalWeeks: 1 } },
  };
}
