// The schema of a ModelEndpoint's status, which the leading autoscaler writes.

import { NAME_MAX_LENGTH } from "./limits";
import { MAX_VERSIONS } from "./model-endpoint";
import type { StructuralSchema } from "./structural-schema";

const MAX_REASON_LENGTH = 128;
/** Maximum length of a message in the status; writers truncate longer ones. */
export const MAX_MESSAGE_LENGTH = 1024;

const reason: StructuralSchema = {
  type: "string",
  description: "The reason as one CamelCase word.",
  maxLength: MAX_REASON_LENGTH,
};
const message: StructuralSchema = {
  type: "string",
  description: "The reason as a sentence.",
  maxLength: MAX_MESSAGE_LENGTH,
};

const condition: StructuralSchema = {
  type: "object",
  description: "One condition.",
  required: ["type", "status", "reason", "message", "observedGeneration", "lastTransitionTime"],
  properties: {
    type: {
      type: "string",
      description:
        "Accepted: routers can serve the spec; Ready: applied by all, and the default version has a ready replica.",
      enum: ["Accepted", "Ready"],
    },
    status: {
      type: "string",
      description: "Whether the condition holds.",
      enum: ["True", "False", "Unknown"],
    },
    reason,
    message,
    observedGeneration: {
      type: "integer",
      format: "int64",
      description: "The generation that the condition is about.",
    },
    lastTransitionTime: {
      type: "string",
      format: "date-time",
      description: "When the status changed last.",
    },
  },
};

const versionStatus: StructuralSchema = {
  type: "object",
  description: "The state of one version.",
  required: ["name", "state", "readyReplicas", "desiredReplicas", "reason", "message"],
  properties: {
    name: { type: "string", description: "The version's name.", maxLength: NAME_MAX_LENGTH },
    state: {
      type: "string",
      description: "The state in Azure ML v1's words.",
      enum: ["Transitioning", "Healthy", "Unhealthy", "Unschedulable", "Failed"],
    },
    readyReplicas: {
      type: "integer",
      format: "int32",
      description: "Replicas that are ready.",
    },
    desiredReplicas: {
      type: "integer",
      format: "int32",
      description: "Replicas that there should be.",
    },
    reason,
    message,
  },
};

export const STATUS_SCHEMA: StructuralSchema = {
  type: "object",
  description: "What the endpoint is.",
  properties: {
    appliedGeneration: {
      type: "integer",
      format: "int64",
      description: "The generation that every ready router serves.",
    },
    readyReplicas: {
      type: "integer",
      format: "int32",
      description: "Ready replicas of all versions.",
    },
    conditions: {
      type: "array",
      description: "Accepted and Ready.",
      maxItems: 8,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: condition,
    },
    versions: {
      type: "array",
      description: "The state of each version.",
      maxItems: MAX_VERSIONS,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: versionStatus,
    },
  },
};
