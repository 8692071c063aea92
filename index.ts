// What users of aml-inference import.
export * from "./components/aml-aks-cluster";
export * from "./components/aml-aks-cluster-args";
export * from "./components/aml-inference-router";
export * from "./components/aml-inference-router-args";
export * from "./components/aml-model-endpoint";
export * from "./components/aml-model-endpoint-args";
export { type EgressRule } from "./components/required-egress";
export { type RouterReference } from "./components/router-reference";
export * from "./provider/autoscaler-deployment";
export * from "./provider/container-resources-args";
export * from "./provider/endpoint-route";
export * from "./provider/router-deployment";
export * from "./provider/workspace-compute";
export * from "./provider/workspace-compute-args";
