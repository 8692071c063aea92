// The cluster of this machine: up, down, and images into it.
export {
  clusterDown,
  clusterStatus,
  clusterUp,
  findCluster,
  kubeconfigOf,
  loadImage,
} from "./cluster";
export * from "./format-status";
export { compareSnapshots, type MachineSnapshot, machineSnapshot } from "./machine-snapshot";
export * from "./provide-images";
