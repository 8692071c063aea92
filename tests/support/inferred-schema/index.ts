// A package with the components whose schema Pulumi infers; the cluster's would bring all of azure-native's types.
export { AmlInferenceRouter } from "../../../components/router/aml-inference-router";
export { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
