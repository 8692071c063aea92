// Which endpoints a router serves: by namespace, and how many of each.
import { DEFAULT_QUOTA } from "../../contracts/model-endpoint/admission";
import { labelName } from "../../kubernetes/core/argument-rules";
import { integer } from "../../values/argument-rules";
import { type ArgumentTable } from "../../values/argument-table";
import { list } from "../../values/object-rules";

const allowedNamespaces = list(labelName({}));

/** Of a router's component. */
export const ADMISSION_ARGUMENTS = {
  allowedNamespaces,
  maxEndpointsPerNamespace: integer({ default: DEFAULT_QUOTA.endpoints, minimum: 1 }),
  maxVersionsPerNamespace: integer({ default: DEFAULT_QUOTA.versions, minimum: 1 }),
} as const satisfies ArgumentTable;

/** Of the resources that deploy router and autoscaler, without defaults: those are the pods'. */
export const admissionArguments = {
  allowedNamespaces,
  maxEndpointsPerNamespace: integer({ minimum: 1 }),
  maxVersionsPerNamespace: integer({ minimum: 1 }),
} as const satisfies ArgumentTable;
