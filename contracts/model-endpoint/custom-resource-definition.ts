// The CustomResourceDefinition of ModelEndpoint, which AmlInferenceRouter applies.

import { NAME_MAX_LENGTH, NAME_MIN_LENGTH, NAME_PATTERN } from "./limits";
import { GROUP, KIND, PLURAL, VERSION } from "./model-endpoint";
import { SPEC_SCHEMA } from "./spec-schema";
import { STATUS_SCHEMA } from "./status-schema";
import type { StructuralSchema } from "./structural-schema";

const SCHEMA: StructuralSchema = {
  type: "object",
  description: "A model behind one scoring URI, in up to six versions.",
  required: ["spec"],
  properties: { spec: SPEC_SCHEMA, status: STATUS_SCHEMA },
  "x-kubernetes-validations": [
    {
      rule: `self.metadata.name.matches('${NAME_PATTERN}') && size(self.metadata.name) >= ${NAME_MIN_LENGTH} && size(self.metadata.name) <= ${NAME_MAX_LENGTH}`,
      message: `metadata.name must be ${NAME_MIN_LENGTH} to ${NAME_MAX_LENGTH} lower-case letters, digits and dashes, start with a letter and end with a letter or digit`,
    },
  ],
};

/** One per cluster, shared by all routers. Apply it server-side; do not delete it with a router. */
export const CUSTOM_RESOURCE_DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${PLURAL}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: {
      kind: KIND,
      listKind: `${KIND}List`,
      plural: PLURAL,
      singular: KIND.toLowerCase(),
      shortNames: ["mep"],
    },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: SCHEMA },
        subresources: { status: {} },
        additionalPrinterColumns: [
          {
            name: "Default",
            type: "string",
            description: "The default version.",
            jsonPath: ".spec.versions[?(@.isDefault==true)].name",
          },
          {
            name: "Replicas",
            type: "integer",
            description: "Ready replicas of all versions.",
            jsonPath: ".status.readyReplicas",
          },
          {
            name: "Ready",
            type: "string",
            description: "Whether the endpoint answers.",
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
          {
            name: "Age",
            type: "date",
            description: "Time since creation.",
            jsonPath: ".metadata.creationTimestamp",
          },
        ],
      },
    ],
  },
} as const;
