// A cluster's maintenance window: when AKS may upgrade Kubernetes and the machines' images.
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { MAINTENANCE_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { withDefault } from "../engine/inputs";
import { type MaintenanceWindowArgs } from "./aml-aks-cluster-args";

/** Creates the window. */
export function createMaintenance(
  name: string,
  window: MaintenanceWindowArgs,
  place: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  },
  opts: pulumi.CustomResourceOptions,
): MaintenanceConfiguration[] {
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
          maintenanceWindow: maintenanceSchedule(window),
        },
        // Its name is fixed: only another cluster replaces it.
        { ...opts, deleteBeforeReplace: true },
      ),
  );
}

/** Every week, on one day. */
function maintenanceSchedule(window: MaintenanceWindowArgs) {
  return {
    durationHours: withDefault(window.durationHours, MAINTENANCE_ARGUMENTS.durationHours.default),
    startTime: window.startTime,
    utcOffset: withDefault(window.utcOffset, MAINTENANCE_ARGUMENTS.utcOffset.default),
    schedule: { weekly: { dayOfWeek: pulumi.output(window.dayOfWeek), intervalWeeks: 1 } },
  };
}
