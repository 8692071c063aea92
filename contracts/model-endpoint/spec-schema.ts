// The schema of a ModelEndpoint's spec, with the same validation rules as the components.

import {
  type Bound,
  ALL_REQUESTS,
  AUTOSCALE_BOUNDS,
  DIGEST_PATTERN,
  MAX_KEY_DIGESTS,
  NAME_MAX_LENGTH,
  NAME_MIN_LENGTH,
  NAME_PATTERN,
  STREAM_DEFAULTS,
  VERSION_BOUNDS,
} from "./limits";
import { MAX_VERSIONS } from "./model-endpoint";
import type { StructuralSchema } from "./structural-schema";

/** DNS label (RFC 1123): names of Services and Deployments. */
const DNS_LABEL = { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 } as const;

function integer(description: string, bound: Bound): StructuralSchema {
  return { type: "integer", format: "int32", description, ...bound };
}

const keyDigests: StructuralSchema = {
  type: "array",
  description: "Digests of the keys that open the endpoint; never the keys themselves.",
  minItems: 1,
  maxItems: MAX_KEY_DIGESTS,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: {
    type: "object",
    description: "The digest of one key.",
    required: ["name", "sha256"],
    properties: {
      name: {
        type: "string",
        description: "Which of the two keys this is.",
        enum: ["primary", "secondary"],
      },
      sha256: {
        type: "string",
        description: "Lower-case hex of SHA-256 over <key>@<endpoint name>.",
        pattern: DIGEST_PATTERN,
        maxLength: 64,
      },
    },
  },
};

const authentication: StructuralSchema = {
  type: "object",
  description: "Who may call the endpoint.",
  required: ["mode"],
  properties: {
    mode: {
      type: "string",
      description:
        "Key: a bearer key whose digest is listed; None: open to whoever reaches the load balancer.",
      enum: ["Key", "None"],
    },
    keyDigests,
  },
  "x-kubernetes-validations": [
    {
      rule: "self.mode == 'Key' ? has(self.keyDigests) : !has(self.keyDigests)",
      message: "keyDigests must be given when mode is Key, and only then",
    },
  ],
};

const autoscale: StructuralSchema = {
  type: "object",
  description: "The autoscaler owns the number of replicas, within these limits.",
  required: ["minReplicas", "maxReplicas", "targetUtilization", "refreshPeriodInSeconds"],
  properties: {
    minReplicas: integer("Replicas at least.", AUTOSCALE_BOUNDS.minReplicas),
    maxReplicas: integer("Replicas at most.", AUTOSCALE_BOUNDS.maxReplicas),
    targetUtilization: integer(
      "Percent of the slots that should be busy.",
      AUTOSCALE_BOUNDS.targetUtilization,
    ),
    refreshPeriodInSeconds: integer(
      "Seconds over which the load is averaged.",
      AUTOSCALE_BOUNDS.refreshPeriodInSeconds,
    ),
  },
  "x-kubernetes-validations": [
    {
      rule: "self.minReplicas <= self.maxReplicas",
      message: "minReplicas must not exceed maxReplicas",
    },
  ],
};

const version: StructuralSchema = {
  type: "object",
  description: "One version of the model, with its share of the traffic.",
  required: [
    "name",
    "serviceName",
    "deploymentName",
    "isDefault",
    "type",
    "trafficPercentile",
    "maxConcurrentRequestsPerContainer",
    "maxQueueWaitMs",
    "scoringTimeoutMs",
  ],
  properties: {
    name: {
      type: "string",
      description: "The version's name, unique in the endpoint.",
      pattern: NAME_PATTERN,
      minLength: NAME_MIN_LENGTH,
      maxLength: NAME_MAX_LENGTH,
    },
    serviceName: {
      type: "string",
      description: "Service whose EndpointSlices list the version's replicas.",
      ...DNS_LABEL,
    },
    deploymentName: {
      type: "string",
      description: "Deployment that runs the version's replicas.",
      ...DNS_LABEL,
    },
    isDefault: {
      type: "boolean",
      description: "True for the one version that gets the traffic the others leave.",
    },
    type: {
      type: "string",
      description: "Control for the version that the others are compared with, else Treatment.",
      enum: ["Control", "Treatment"],
    },
    trafficPercentile: {
      type: "number",
      description: "Percent of the traffic, in steps of 0.01; the default version gets the rest.",
      ...VERSION_BOUNDS.trafficPercentile,
      "x-kubernetes-validations": [
        {
          // Exact: dividing whole hundredths by 100 rounds as parsing the decimal does. multipleOf is not exact.
          rule: "double(int(self * 100.0 + 0.5)) / 100.0 == self",
          message: "trafficPercentile must be in steps of 0.01",
        },
      ],
    },
    maxConcurrentRequestsPerContainer: integer(
      "Requests that one replica computes at the same time; the rest waits in the version's queue.",
      VERSION_BOUNDS.maxConcurrentRequestsPerContainer,
    ),
    maxQueueWaitMs: integer("Milliseconds in the queue before 503.", VERSION_BOUNDS.maxQueueWaitMs),
    scoringTimeoutMs: integer(
      "Milliseconds from the moment the model has the request to the first byte of its response, before 504.",
      VERSION_BOUNDS.scoringTimeoutMs,
    ),
    streamIdleTimeoutMs: integer(
      `Milliseconds without a byte in either direction before a stream is cut. Default ${STREAM_DEFAULTS.streamIdleTimeoutMs}.`,
      VERSION_BOUNDS.streamIdleTimeoutMs,
    ),
    maxStreamSeconds: integer(
      `Seconds for which a stream continues while its replica or router is being removed, and once its client has left. Default ${STREAM_DEFAULTS.maxStreamSeconds}.`,
      VERSION_BOUNDS.maxStreamSeconds,
    ),
    autoscale,
    numReplicas: integer("A fixed number of replicas.", VERSION_BOUNDS.numReplicas),
  },
  "x-kubernetes-validations": [
    {
      rule: "has(self.autoscale) != has(self.numReplicas)",
      message: "exactly one of autoscale and numReplicas must be given",
    },
  ],
};

export const SPEC_SCHEMA: StructuralSchema = {
  type: "object",
  description: "What the endpoint should be.",
  required: ["authentication", "versions"],
  properties: {
    suspended: {
      type: "boolean",
      description: "True before deletion: routers drop the endpoint and say so. Default false.",
    },
    routerNamespace: {
      type: "string",
      description:
        "Namespace of the router, and its autoscaler, that look after the endpoint. Default: every router of the cluster serves it, and the oldest one's autoscaler scales it.",
      ...DNS_LABEL,
    },
    authentication,
    versions: {
      type: "array",
      description: "One to six versions; requests are shared among them by trafficPercentile.",
      minItems: 1,
      maxItems: MAX_VERSIONS,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: version,
      "x-kubernetes-validations": [
        {
          rule: "self.exists_one(v, v.isDefault)",
          message: "exactly one version must have isDefault true",
        },
        {
          rule: "self.filter(v, v.type == 'Control').size() <= 1",
          message: "at most one version may have type Control",
        },
        {
          // Adds whole hundredths: in binary, 33.3 + 33.3 + 33.4 is not 100.
          rule: `self.map(v, int(v.trafficPercentile * 100.0 + 0.5)).sum() <= ${ALL_REQUESTS}`,
          message: "the trafficPercentile of all versions must sum to 100 at most",
        },
      ],
    },
  },
};
