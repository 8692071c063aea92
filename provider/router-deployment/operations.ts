// What Pulumi calls for a RouterDeployment.
import { labelName, objectName } from "../../kubernetes/core/argument-rules";
import { IMAGE_ARGUMENTS } from "../../validation/router/router-arguments";
import { integer, text } from "../../values/argument-rules";
import { routerRelease, type RouterSpec } from "./core/router-objects";
import { type ReleaseInputs, ReleaseOperations } from "../release/release-operations";

export type RouterInputs = ReleaseInputs & RouterSpec;

export const operations = new ReleaseOperations<RouterInputs>({
  bundle: "router",
  defaults: {
    name: "aml-inference-router",
    agentImage: IMAGE_ARGUMENTS.node.default,
    haproxyImage: IMAGE_ARGUMENTS.haproxy.default,
    rolloutTimeoutSeconds: 600,
    agentResources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    haproxyResources: { requests: { cpu: "500m", memory: "500Mi" }, limits: { memory: "1200Mi" } },
  },
  rules: {
    namespace: labelName({ required: true }),
    name: labelName({ required: true }),
    agentImage: text({ required: true }),
    haproxyImage: text({ required: true }),
    serviceAccountName: objectName({ required: true }),
    autoscalerServiceName: labelName({}),
    tlsSecretName: objectName({}),
    rolloutTimeoutSeconds: integer({ required: true, minimum: 1, maximum: 3600 }),
  },
  release: routerRelease,
});
