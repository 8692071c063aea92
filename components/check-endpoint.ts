// What is wrong with the arguments of an AmlModelEndpoint: every problem at once.
import { type ArgumentProblem, shown } from "../provider/core/argument-problem";
import { KEY_NUMBERS, ROLLOUT_TIMEOUT } from "./bounds";
import { checkKubeconfig } from "./check-kubeconfig";
import { checkNumbers, checkVersion, FREE_NAME } from "./check-version";
import { checkNamespace, checkServiceName } from "./names";
import { isRecord } from "../provider/core/is-record";
import { checkBoolean, checkNames, checkNumber, checkText, checkTexts } from "./plain-values";
import { checkTraffic } from "./traffic";
import { UNKNOWN } from "../provider/core/unknown";

/** Arguments of v1 that have no working part yet: refused rather than ignored. */
export const NOT_YET = {
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
const KEY_LENGTH = { shortest: 16, longest: 256 };

/**
 * Every problem of an endpoint's arguments; empty when they are legal. Values that are not known yet
 * (UNKNOWN) are passed over. Rules: azureml-semantics 2.1, 2.2 and 10; docs/arguments.md.
 */
export function checkEndpoint(
  name: string,
  endpoint: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  return [
    ...checkServiceName("the endpoint", name),
    ...checkNames("", endpoint, ENDPOINT_ARGUMENTS),
    ...checkRouterReference(endpoint["router"]),
    ...checkVersions(endpoint["versions"]),
    ...checkNamespace("namespace", endpoint["namespace"]),
    ...checkBoolean("authEnabled", endpoint["authEnabled"]),
    ...checkKeys(endpoint["keys"], endpoint["authEnabled"]),
    ...checkKeyVersions(endpoint["keyVersions"]),
    ...checkTexts("tags", endpoint["tags"], FREE_NAME),
    ...checkTexts("properties", endpoint["properties"], FREE_NAME),
    ...checkText("description", endpoint["description"], { optional: true }),
    ...checkNumber("rolloutTimeoutSeconds", endpoint["rolloutTimeoutSeconds"], ROLLOUT_TIMEOUT),
    ...checkNotYet(endpoint),
  ];
}

/** What can't change once the endpoint exists: another namespace would be another endpoint. */
export function checkEndpointChange(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  const [was, is] = [before, after].map((args) => args["namespace"] ?? DEFAULT_NAMESPACE);
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since every replica would be replaced at once: it was ${shown(was)} and is ${shown(is)}; declare a second endpoint and remove this one later`;
  return [{ path: "namespace", reason }];
}

function checkRouterReference(router: unknown): ArgumentProblem[] {
  if (router === UNKNOWN) return [];
  if (!isRecord(router)) {
    return [{ path: "router", reason: "is required: an AmlInferenceRouter or its outputs" }];
  }
  // Without one it is a component, which has judged its own.
  const isReference = "kubeconfig" in router;
  return [
    ...(isReference ? checkKubeconfig("router.kubeconfig", router["kubeconfig"]) : []),
    ...checkText("router.namespace", router["namespace"]),
    ...checkText("router.scoringBaseUri", router["scoringBaseUri"]),
  ];
}

function checkVersions(versions: unknown): ArgumentProblem[] {
  if (versions === UNKNOWN) return [];
  if (!isRecord(versions)) {
    return [{ path: "versions", reason: `must map names to versions: it is ${shown(versions)}` }];
  }
  const each = Object.entries(versions).flatMap(([name, version]) => checkVersion(name, version));
  const traffic = Object.entries(versions).map(
    ([name, version]) => [name, isRecord(version) ? version : {}] as const,
  );
  return [...each, ...checkTraffic(Object.fromEntries(traffic))];
}

function checkKeys(keys: unknown, authEnabled: unknown): ArgumentProblem[] {
  if (keys === undefined || keys === null || keys === UNKNOWN) return [];
  if (!isRecord(keys)) return [{ path: "keys", reason: "must be an object" }];
  const problems = checkNames("keys", keys, Object.keys(KEY_NUMBERS));
  for (const name of Object.keys(KEY_NUMBERS)) problems.push(...checkKey(name, keys[name]));
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
function checkKey(name: string, key: unknown): ArgumentProblem[] {
  if (key === undefined || key === null || key === UNKNOWN) return [];
  const { shortest, longest } = KEY_LENGTH;
  const fits =
    typeof key === "string" && key.length >= shortest && key.length <= longest && KEY.test(key);
  if (fits) return [];
  const given = typeof key === "string" ? `has ${key.length} characters` : `is a ${typeof key}`;
  const reason = `must be ${shortest} to ${longest} letters, digits and -._~+/ with = at the end only: it ${given}`;
  return [{ path: `keys.${name}`, reason }];
}

function checkKeyVersions(keyVersions: unknown): ArgumentProblem[] {
  if (keyVersions === undefined || keyVersions === null || keyVersions === UNKNOWN) return [];
  if (!isRecord(keyVersions)) return [{ path: "keyVersions", reason: "must be an object" }];
  return [
    ...checkNames("keyVersions", keyVersions, Object.keys(KEY_NUMBERS)),
    ...checkNumbers("keyVersions", keyVersions, KEY_NUMBERS),
  ];
}

function checkNotYet(endpoint: Readonly<Record<string, unknown>>): ArgumentProblem[] {
  return Object.entries(NOT_YET).flatMap(([path, why]) => {
    const value = endpoint[path];
    if (value === undefined || value === null || value === false || value === UNKNOWN) return [];
    return [{ path, reason: `must be false or unset: ${why}` }];
  });
}
