// What Pulumi calls for a RouterDeployment.
import {
  isIntegerFrom,
  isLabelName,
  isObjectName,
  isText,
  optional,
} from "../../values/check-failures";
import { routerRelease, type RouterSpec } from "./core/router-objects";
import { type ReleaseInputs, ReleaseOperations } from "../release/release-operations";

export type RouterInputs = ReleaseInputs & RouterSpec;

export const operations = new ReleaseOperations<RouterInputs>({
  bundle: "router",
  defaults: {
    name: "aml-inference-router",
    agentImage: "node:24",
    haproxyImage: "haproxy:3.4",
    rolloutTimeoutSeconds: 600,
    agentResources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    haproxyResources: { requests: { cpu: "500m", memory: "500Mi" }, limits: { memory: "1200Mi" } },
  },
  rules: {
    namespace: isLabelName,
    name: isLabelName,
    agentImage: isText,
    haproxyImage: isText,
    serviceAccountName: isObjectName,
    autoscalerServiceName: optional(isLabelName),
    tlsSecretName: optional(isObjectName),
    rolloutTimeoutSeconds: isIntegerFrom(1, 3600),
  },
  release: routerRelease,
});
