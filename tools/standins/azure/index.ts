// The stand-in Azure, for a process that starts it inside itself.
export * from "./start-azure";
export * from "./core/faults";
export * from "./core/json";
export * from "./core/kubeconfig";
export * from "./core/store";
