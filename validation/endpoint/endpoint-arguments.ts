// The arguments of an AmlModelEndpoint (azureml-semantics 2.1, 2.2 and 10; docs/arguments.md).
import { PodSecurity } from "../../contracts/choices";
import { MAX_VERSIONS } from "../../contracts/model-endpoint/model-endpoint";
import { ENDPOINT_NAMESPACE } from "../../contracts/pods/pod-defaults";
import { labelName } from "../../kubernetes/core/argument-rules";
import { type ArgumentError } from "../../values/argument-error";
import { boolean, integer, refused, text, textLike } from "../../values/argument-rules";
import { map, object } from "../../values/object-rules";
import {
  type ArgumentRule,
  type Arguments,
  type ArgumentTable,
  isUnset,
  validateArguments,
} from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { UNKNOWN } from "../../values/unknown";
import { handOverTo } from "../kubernetes/hand-over";
import { kubeconfig } from "../kubernetes/kubeconfig";
import { type Surroundings } from "../kubernetes/surroundings";
import { validateServiceName } from "./names";
import { validateTraffic } from "./traffic";
import { MAX_STARTUP_SECONDS, notes, VERSION_ARGUMENTS } from "./version-arguments";

/** Characters of a bearer token (RFC 6750), long enough not to be guessed. */
const KEY = /^(?=.{16,256}$)[A-Za-z0-9\-._~+/]+=*$/;
const key = textLike("16 to 256 letters, digits and -._~+/ with = at the end only", KEY, {
  secret: true,
});

const KEY_ARGUMENTS = {
  primaryKey: key,
  secondaryKey: { ...key, beside: differsFromPrimary },
} as const satisfies ArgumentTable;

/** Raising a number replaces that key. */
export const KEY_VERSION_ARGUMENTS = {
  primaryKey: integer({ default: 1, minimum: 1 }),
  secondaryKey: integer({ default: 1, minimum: 1 }),
} as const satisfies ArgumentTable;

/** A plain string: it becomes part of a Pulumi resource's name. */
const CLUSTER_NAME =
  "1 to 63 lower-case letters, digits and dashes that begin with a letter, as a plain string";
const clusterName = textLike(CLUSTER_NAME, /^[a-z][-a-z0-9]{0,62}$/, { beside: mustBeKnown });

/** The outputs of a router that an endpoint uses. */
const ROUTER_OUTPUTS = {
  namespace: text({ required: true }),
  scoringBaseUri: text({ required: true }),
  clusterName,
} as const satisfies ArgumentTable;

const ROUTER_REQUIRED = "is required: an AmlInferenceRouter or its outputs";
const router: ArgumentRule<Surroundings> = {
  required: true,
  legal: "be an AmlInferenceRouter or its outputs",
  missing: ROUTER_REQUIRED,
  find(path, value, world) {
    if (!isRecord(value)) return [{ path, reason: ROUTER_REQUIRED }];
    // A component comes without its kubeconfig, which it validates itself.
    const table = "kubeconfig" in value ? { kubeconfig, ...ROUTER_OUTPUTS } : ROUTER_OUTPUTS;
    return validateArguments(path, value, table, world);
  },
};

function mustBeKnown(path: string, value: unknown): ArgumentError[] {
  return value === UNKNOWN ? [{ path, reason: `must be ${CLUSTER_NAME}: it is an Output` }] : [];
}

/** An argument of v1 that is not implemented: an error, so that it is not silently ignored. */
const notImplemented = (why: string) =>
  refused(`must be false or unset: ${why}`, { unless: false });

export const ENDPOINT_ARGUMENTS = {
  router,
  versions: {
    ...map("versions", validateServiceName, object(VERSION_ARGUMENTS)),
    bound: `1 to ${MAX_VERSIONS}`,
    required: true,
    beside: validateVersions,
  },
  namespace: labelName({ default: ENDPOINT_NAMESPACE }),
  authEnabled: boolean({ default: true }),
  keys: { ...object(KEY_ARGUMENTS, { secret: true }), beside: onlyWithAuth },
  keyVersions: object(KEY_VERSION_ARGUMENTS),
  tags: notes,
  properties: notes,
  description: text({}),
  /** Seconds that an update waits for new replicas and for the routers. */
  rolloutTimeoutSeconds: integer({
    default: 600,
    minimum: 1,
    maximum: MAX_STARTUP_SECONDS,
    beside: coversStartup,
  }),
  handOverTo,
  tokenAuthEnabled: notImplemented("tokens can't be checked yet: use keys (authEnabled)"),
  collectModelData: notImplemented("the model's inputs and outputs can't be collected yet"),
  enableAppInsights: notImplemented("nothing is sent to Application Insights yet"),
} as const satisfies ArgumentTable<Surroundings>;

function differsFromPrimary(path: string, key: unknown, keys: Arguments): ArgumentError[] {
  if (typeof key !== "string" || key === UNKNOWN || key !== keys["primaryKey"]) return [];
  return [{ path, reason: "must differ from keys.primaryKey" }];
}

function onlyWithAuth(path: string, keys: unknown, { authEnabled }: Arguments): ArgumentError[] {
  if (authEnabled !== false || isUnset(keys) || keys === UNKNOWN) return [];
  return [{ path, reason: "can't be given when authEnabled is false" }];
}

/** A model may load for as long as its startup is given. */
function coversStartup(path: string, given: unknown, { versions }: Arguments): ArgumentError[] {
  if (typeof given !== "number" || !isRecord(versions)) return [];
  return Object.entries(versions).flatMap(([name, version]) => {
    const config = isRecord(version) ? version["inferenceConfig"] : undefined;
    const startup = isRecord(config) ? config["startupTimeoutSeconds"] : undefined;
    if (typeof startup !== "number" || startup <= given) return [];
    const reason = `must be at least versions.${name}.inferenceConfig.startupTimeoutSeconds, which is ${startup}: it is ${given}`;
    return [{ path, reason }];
  });
}

/** The namespace that is made where it is missing has Kubernetes' level `baseline`. */
function needsOwnNamespace(versions: JsonObject, namespace: unknown): ArgumentError[] {
  if (!isUnset(namespace) && namespace !== ENDPOINT_NAMESPACE) return [];
  return Object.entries(versions)
    .filter(([, version]) => isRecord(version) && version["podSecurity"] === PodSecurity.Privileged)
    .map(([name]) => ({
      path: `versions.${name}.podSecurity`,
      reason: `can't be "${PodSecurity.Privileged}" in ${ENDPOINT_NAMESPACE}, which refuses such pods: give the endpoint a namespace that allows them`,
    }));
}

function validateVersions(
  _path: string,
  versions: unknown,
  { namespace }: Arguments,
): ArgumentError[] {
  if (!isRecord(versions)) return [];
  const given = Object.entries(versions).filter(([, version]) => !isUnset(version));
  const entries = given.map(([name, version]) => {
    // One that isn't known yet may be the default.
    if (version === UNKNOWN) return [name, { isDefault: UNKNOWN }] as const;
    return [name, isRecord(version) ? version : {}] as const;
  });
  return [
    ...validateTraffic(Object.fromEntries(entries)),
    ...needsOwnNamespace(versions, namespace),
  ];
}
