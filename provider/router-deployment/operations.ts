// Operations of RouterDeployment.
import { InsecureTraffic } from "../../contracts/choices";
import {
  CONTAINER_RESOURCES,
  HAPROXY_IMAGE,
  NODE_IMAGE,
  ROUTER_NAME,
} from "../../contracts/pods/pod-defaults";
import { labelName, objectName } from "../../kubernetes/core/argument-rules";
import { choice, integer, text } from "../../values/argument-rules";
import { admissionArguments } from "../../validation/router/admission-arguments";
import { trustedProxies } from "../../validation/router/trusted-proxies";
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
    namespace: labelName({ required: true }),
    name: labelName({ required: true }),
    agentImage: text({ required: true }),
    haproxyImage: text({ required: true }),
    serviceAccountName: objectName({ required: true }),
    autoscalerServiceName: labelName({}),
    tlsSecretName: objectName({}),
    insecureTraffic: choice(Object.values(InsecureTraffic), {}),
    trustedProxies,
    ...admissionArguments,
    rolloutTimeoutSeconds: integer({ required: true, minimum: 1, maximum: 3600 }),
  },
  release: routerRelease,
});
