// Operations of AutoscalerDeployment.
import {
  AUTOSCALER_NAME,
  CONTAINER_RESOURCES,
  NODE_IMAGE,
} from "../../contracts/pods/pod-defaults";
import { labelName, objectName } from "../../kubernetes/core/argument-rules";
import { integer, text } from "../../values/argument-rules";
import { autoscalerRelease, type AutoscalerSpec } from "./core/autoscaler-objects";
import { admissionArguments } from "../../validation/router/admission-arguments";
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
    namespace: labelName({ required: true }),
    name: labelName({ required: true }),
    image: text({ required: true }),
    replicas: integer({ required: true, minimum: 1, maximum: 5 }),
    serviceAccountName: objectName({ required: true }),
    routerName: labelName({ required: true }),
    routerServiceAccountName: objectName({ required: true }),
    ...admissionArguments,
    rolloutTimeoutSeconds: integer({ required: true, minimum: 1, maximum: 3600 }),
  },
  release: autoscalerRelease,
});
