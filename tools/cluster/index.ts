// The cluster of this machine: up, down, and images into it.
export * from "./cluster";
export * from "./format-status";
export * from "./machine-snapshot";
export * from "./provide-images";
