// A maintenance window in AKS's words.
import * as pulumi from "@pulumi/pulumi";
import { type MaintenanceWindowArgs } from "./aml-aks-cluster-args";

/** Every week, on one day. */
export function maintenanceSchedule(window: MaintenanceWindowArgs) {
  return {
    durationHours: window.durationHours ?? 4,
    startTime: window.startTime,
    utcOffset: window.utcOffset ?? "+00:00",
    schedule: { weekly: { dayOfWeek: pulumi.output(window.dayOfWeek), intervalWeeks: 1 } },
  };
}
