// Argument rules for Kubernetes' formats: names, labels and quantities.
import { textLike } from "../../values/argument-rules";
import { texts } from "../../values/object-rules";

interface Given {
  readonly required?: boolean;
  readonly default?: string;
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const LABEL_NAME_BOUND =
  "1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end";

/** Name of a namespace, container or Service (RFC 1123 label). */
export function labelName<const G extends Given>(given: G) {
  return textLike(LABEL_NAME_BOUND, DNS_LABEL, given);
}

/** Rule for the keys of a map, where each key is such a name. */
export const LABEL_NAMES = { pattern: DNS_LABEL, legal: `of ${LABEL_NAME_BOUND}` };

/** Name of most other objects (RFC 1123 subdomain). */
export function objectName<const G extends Given>(given: G) {
  const bound =
    "1 to 253 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit";
  return textLike(bound, DNS_SUBDOMAIN, given);
}

/** Label keys that Kubernetes accepts. */
const LABEL_KEY = { pattern: /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/ };

/** Labels of an object, or a node selector. */
export const labels = texts(LABEL_KEY);

/**
 * Kubernetes' grammar (k8s.io/apimachinery, pkg/api/resource, Quantity): a number with a decimal or binary suffix, or
 * with a decimal exponent. Negative quantities are left out: they can't be requested.
 */
const QUANTITY = /^\+?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)?$/;

export const quantity = textLike("a quantity such as 500m or 256Mi", QUANTITY, {});

/** Quantities by resource name: `{ cpu: "500m", "nvidia.com/gpu": "1" }`. */
export const quantities = texts(LABEL_KEY, { items: quantity });
