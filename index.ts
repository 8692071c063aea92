// What users of aml-inference import.
export * from "./provider/autoscaler-deployment";
export * from "./provider/container-resources-args";
export * from "./provider/endpoint-route";
export * from "./provider/router-deployment";
