// What Pulumi calls for an AutoscalerDeployment.
import { isIntegerFrom, isLabelName, isObjectName, isText } from "../../values/check-failures";
import { autoscalerRelease, type AutoscalerSpec } from "./core/autoscaler-objects";
import { type ReleaseInputs, ReleaseOperations } from "../release/release-operations";

export type AutoscalerInputs = ReleaseInputs & AutoscalerSpec;

export const operations = new ReleaseOperations<AutoscalerInputs>({
  bundle: "autoscaler",
  defaults: {
    name: "aml-inference-autoscaler",
    image: "node:24",
    replicas: 2,
    rolloutTimeoutSeconds: 300,
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { memory: "512Mi" },
    },
  },
  rules: {
    namespace: isLabelName,
    name: isLabelName,
    image: isText,
    replicas: isIntegerFrom(1, 5),
    serviceAccountName: isObjectName,
    routerName: isLabelName,
    routerServiceAccountName: isObjectName,
    rolloutTimeoutSeconds: isIntegerFrom(1, 3600),
  },
  release: autoscalerRelease,
});
