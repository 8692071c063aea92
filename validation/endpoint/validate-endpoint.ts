// What is wrong with the arguments of an AmlModelEndpoint: every problem at once.
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { KEY_NUMBERS, ROLLOUT_TIMEOUT } from "./bounds";
import { validateKubeconfig } from "../kubernetes/validate-kubeconfig";
import { validateNumbers, validateVersion, FREE_NAME } from "./validate-version";
import { validateNamespace } from "../kubernetes/validate-namespace";
import { validateServiceName } from "./names";
import { isRecord } from "../../values/is-record";
import {
  validateBoolean,
  validateNames,
  validateNumber,
  validateText,
  validateTexts,
} from "../../values/plain-values";
import { validateTraffic } from "./traffic";
import { UNKNOWN } from "../../values/unknown";

/** Arguments of v1 that have no working part yet: refused rather than ignored. */
const NOT_YET = {
  tokenAuthEnabled: "tokens can't be checked yet: use keys (authEnabled)",
  collectModelData: "the model's inputs and outputs can't be collected yet",
  enableAppInsights: "nothing is sent to Application Insights yet",
} as const;

/** Namespace of an endpoint that names none. */
export const DEFAULT_NAMESPACE = "default";

/** Arguments of an endpoint. */
export const ENDPOINT_ARGUMENTS = [
  "router",
  "versions",
  "namespace",
  "authEnabled",
  "keys",
  "keyVersions",
  "tags",
  "properties",
  "description",
  "rolloutTimeoutSeconds",
  ...Object.keys(NOT_YET),
];

/** What a bearer token may consist of (RFC 6750), in a length that can't be guessed. */
const KEY = /^[A-Za-z0-9\-._~+/]+=*$/;
const CLUSTER_NAME = /^[a-z][-a-z0-9]{0,62}$/;
const KEY_LENGTH = { shortest: 16, longest: 256 };

/**
 * Every problem of an endpoint's arguments; empty when they are legal. Values that are not known yet
 * (UNKNOWN) are passed over. Rules: azureml-semantics 2.1, 2.2 and 10; docs/arguments.md.
 */
export function validateEndpoint(
  name: string,
  endpoint: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  return [
    ...validateServiceName("the endpoint", name),
    ...validateNames("", endpoint, ENDPOINT_ARGUMENTS),
    ...validateRouterReference(endpoint["router"]),
    ...validateVersions(endpoint["versions"]),
    ...validateNamespace("namespace", endpoint["namespace"]),
    ...validateBoolean("authEnabled", endpoint["authEnabled"]),
    ...validateKeys(endpoint["keys"], endpoint["authEnabled"]),
    ...validateKeyVersions(endpoint["keyVersions"]),
    ...validateTexts("tags", endpoint["tags"], FREE_NAME),
    ...validateTexts("properties", endpoint["properties"], FREE_NAME),
    ...validateText("description", endpoint["description"], { optional: true }),
    ...validateNumber("rolloutTimeoutSeconds", endpoint["rolloutTimeoutSeconds"], ROLLOUT_TIMEOUT),
    ...validateNotYet(endpoint),
  ];
}

/** What can't change once the endpoint exists: another namespace would be another endpoint. */
export function validateEndpointChange(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  const [was, is] = [before, after].map((args) => args["namespace"] ?? DEFAULT_NAMESPACE);
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since every replica would be replaced at once: it was ${shown(was)} and is ${shown(is)}; declare a second endpoint and remove this one later`;
  return [{ path: "namespace", reason }];
}

function validateRouterReference(router: unknown): ArgumentProblem[] {
  if (router === UNKNOWN) return [];
  if (!isRecord(router)) {
    return [{ path: "router", reason: "is required: an AmlInferenceRouter or its outputs" }];
  }
  // Without one it is a component, which has judged its own.
  const isReference = "kubeconfig" in router;
  return [
    ...(isReference ? validateKubeconfig("router.kubeconfig", router["kubeconfig"]) : []),
    ...validateText("router.namespace", router["namespace"]),
    ...validateText("router.scoringBaseUri", router["scoringBaseUri"]),
    ...validateClusterName(router["clusterName"]),
  ];
}

/** A plain text, since the name of a Pulumi resource is made of it. */
function validateClusterName(value: unknown): ArgumentProblem[] {
  if (value === undefined || (typeof value === "string" && CLUSTER_NAME.test(value))) return [];
  const given = value === UNKNOWN ? "an Output" : shown(value);
  const reason = `must be 1 to 63 lower-case letters, digits and dashes that begin with a letter, as a plain string: it is ${given}`;
  return [{ path: "router.clusterName", reason }];
}

function validateVersions(versions: unknown): ArgumentProblem[] {
  if (versions === UNKNOWN) return [];
  if (!isRecord(versions)) {
    return [{ path: "versions", reason: `must map names to versions: it is ${shown(versions)}` }];
  }
  const each = Object.entries(versions).flatMap(([name, version]) =>
    validateVersion(name, version),
  );
  const traffic = Object.entries(versions).map(
    ([name, version]) => [name, isRecord(version) ? version : {}] as const,
  );
  return [...each, ...validateTraffic(Object.fromEntries(traffic))];
}

function validateKeys(keys: unknown, authEnabled: unknown): ArgumentProblem[] {
  if (keys === undefined || keys === null || keys === UNKNOWN) return [];
  if (!isRecord(keys)) return [{ path: "keys", reason: "must be an object" }];
  const problems = validateNames("keys", keys, Object.keys(KEY_NUMBERS));
  for (const name of Object.keys(KEY_NUMBERS)) problems.push(...validateKey(name, keys[name]));
  const { primaryKey, secondaryKey } = keys;
  if (typeof primaryKey === "string" && primaryKey === secondaryKey && primaryKey !== UNKNOWN) {
    problems.push({ path: "keys.secondaryKey", reason: "must differ from keys.primaryKey" });
  }
  if (authEnabled === false) {
    problems.push({ path: "keys", reason: "can't be given when authEnabled is false" });
  }
  return problems;
}

/** A key is never shown. */
function validateKey(name: string, key: unknown): ArgumentProblem[] {
  if (key === undefined || key === null || key === UNKNOWN) return [];
  const { shortest, longest } = KEY_LENGTH;
  const fits =
    typeof key === "string" && key.length >= shortest && key.length <= longest && KEY.test(key);
  if (fits) return [];
  const given = typeof key === "string" ? `has ${key.length} characters` : `is a ${typeof key}`;
  const reason = `must be ${shortest} to ${longest} letters, digits and -._~+/ with = at the end only: it ${given}`;
  return [{ path: `keys.${name}`, reason }];
}

function validateKeyVersions(keyVersions: unknown): ArgumentProblem[] {
  if (keyVersions === undefined || keyVersions === null || keyVersions === UNKNOWN) return [];
  if (!isRecord(keyVersions)) return [{ path: "keyVersions", reason: "must be an object" }];
  return [
    ...validateNames("keyVersions", keyVersions, Object.keys(KEY_NUMBERS)),
    ...validateNumbers("keyVersions", keyVersions, KEY_NUMBERS),
  ];
}

function validateNotYet(endpoint: Readonly<Record<string, unknown>>): ArgumentProblem[] {
  return Object.entries(NOT_YET).flatMap(([path, why]) => {
    const value = endpoint[path];
    if (value === undefined || value === null || value === false || value === UNKNOWN) return [];
    return [{ path, reason: `must be false or unset: ${why}` }];
  });
}
