// What users of aml-inference import.
export * from "./contracts/choices";
export * from "./components/cluster/aml-aks-cluster";
export * from "./components/cluster/aml-aks-cluster-args";
export * from "./components/router/aml-inference-router";
export * from "./components/router/aml-inference-router-args";
export * from "./components/endpoint/aml-model-endpoint";
export * from "./components/endpoint/aml-model-endpoint-args";
export { type EgressRule } from "./components/cluster/core/required-egress";
export { type RouterReference } from "./components/engine/router-reference";
export * from "./provider/autoscaler-deployment/autoscaler-deployment";
export * from "./provider/load-balancer-address/load-balancer-address";
export * from "./provider/release/container-resources-args";
export * from "./provider/endpoint-route/endpoint-route";
export * from "./provider/router-deployment/router-deployment";
export * from "./provider/workspace-compute/workspace-compute";
export * from "./provider/workspace-compute/workspace-compute-args";
