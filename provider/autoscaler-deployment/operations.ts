// What Pulumi calls for an AutoscalerDeployment.
import {
  AUTOSCALER_NAME,
  CONTAINER_RESOURCES,
  NODE_IMAGE,
} from "../../contracts/pods/pod-defaults";
import { isIntegerFrom, isLabelName, isObjectName, isText } from "../../values/check-failures";
import { autoscalerRelease, type AutoscalerSpec } from "./core/autoscaler-objects";
import { type ReleaseInputs, ReleaseOperations } from "../release/release-operations";

export type AutoscalerInputs = ReleaseInputs & AutoscalerSpec;

export const operations = new ReleaseOperations<AutoscalerInputs>({
  bundle: "autoscaler",
  defaults: {
    name: AUTOSCALER_NAME,
    image: NODE_IMAGE,
    replicas: 2,
    rolloutTimeoutSeconds: 300,
    resources: CONTAINER_RESOURCES.autoscaler,
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
