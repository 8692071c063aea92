// What Pulumi calls for a RouterDeployment.
import {
  CONTAINER_RESOURCES,
  HAPROXY_IMAGE,
  NODE_IMAGE,
  ROUTER_NAME,
} from "../../contracts/pods/pod-defaults";
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
    name: ROUTER_NAME,
    agentImage: NODE_IMAGE,
    haproxyImage: HAPROXY_IMAGE,
    rolloutTimeoutSeconds: 600,
    agentResources: CONTAINER_RESOURCES.agent,
    haproxyResources: CONTAINER_RESOURCES.haproxy,
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
