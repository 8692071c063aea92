// The arguments of a version that say what its pod has, besides its image, resources and probes.
import { TopologySpread } from "../../contracts/choices";
import { GROUP } from "../../contracts/model-endpoint/model-endpoint";
import { labelName, LABEL_NAMES, labels, objectName } from "../../kubernetes/core/argument-rules";
import { type ArgumentError, illegal, shown } from "../../values/argument-error";
import { anyText, boolean, choice, text, textLike } from "../../values/argument-rules";
import {
  type ArgumentRule,
  type Arguments,
  type ArgumentTable,
  isUnset,
  validateArgument,
} from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { list, map, object, texts } from "../../values/object-rules";
import { UNKNOWN } from "../../values/unknown";

/** Names of environment variables: the common subset of what Kubernetes accepts. */
export const VARIABLE_NAME = { pattern: /^[A-Za-z_][A-Za-z0-9_.-]*$/ };
const variable = textLike("the name of a variable", VARIABLE_NAME.pattern, {});

/** The container that serves. */
export const MODEL_CONTAINER = "model";

/** An object of Kubernetes' own, which the API server checks. `required` is a member that it needs. */
function kubernetesObject(required?: string): ArgumentRule {
  const rule = {
    legal: required === undefined ? "be an object" : `be an object with ${required}`,
  };
  return {
    ...rule,
    find(path, value) {
      const isLegal = isRecord(value) && (required === undefined || !isUnset(value[required]));
      return isLegal ? [] : [{ path, reason: `must ${rule.legal}` }];
    },
  };
}

const ENVIRONMENT_SOURCE = {
  secretName: objectName({}),
  configMapName: objectName({}),
  key: { ...text({}), beside: besideKey },
  variable,
  prefix: { ...anyText, beside: onlyWithoutKey },
  optional: boolean({ default: false }),
} as const satisfies ArgumentTable;

const VOLUME_SOURCES = {
  persistentVolumeClaim: kubernetesObject("claimName"),
  secret: kubernetesObject("secretName"),
  configMap: kubernetesObject("name"),
  csi: kubernetesObject("driver"),
  emptyDir: kubernetesObject(),
} as const satisfies ArgumentTable;

const VOLUME = {
  mountPath: textLike("an absolute path without a colon", /^\/[^:]*$/, {}),
  subPath: text({}),
  readOnly: boolean({ default: false }),
  ...VOLUME_SOURCES,
} as const satisfies ArgumentTable;

const initContainer: ArgumentRule = {
  legal: "be a container with name and image",
  find(path, value) {
    if (!isRecord(value)) return illegal(path, { legal: "be an object" }, value);
    return [
      ...validateArgument(`${path}.name`, value["name"], labelName({ required: true }), undefined),
      ...validateArgument(`${path}.image`, value["image"], text({ required: true }), undefined),
    ];
  },
};

/** A managed identity's client id. */
const clientId = textLike("a UUID", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, {});

export const POD_ARGUMENTS = {
  command: list(anyText),
  args: list(anyText),
  environmentFrom: { ...list(sourceOf()), beside: besideVariables },
  imagePullSecrets: list(objectName({})),
  serviceAccountName: objectName({}),
  workloadIdentityClientId: clientId,
  volumes: { ...map("volumes", namedLikeALabel, volumeOf()), beside: besideMounts },
  initContainers: { ...list(initContainer), beside: besideNames },
  podLabels: { ...labels, beside: notOurs },
  podAnnotations: { ...texts({ pattern: /./ }), beside: notOurs },
  affinity: kubernetesObject(),
  topologySpread: choice(Object.values(TopologySpread), {}),
  priorityClassName: objectName({}),
  runtimeClassName: objectName({}),
  securityContext: kubernetesObject(),
  podSecurityContext: kubernetesObject(),
} as const satisfies ArgumentTable;

/** Exactly one of the members, in what is known. */
function oneOf(names: readonly string[]) {
  return (path: string, value: unknown): ArgumentError[] => {
    if (!isRecord(value)) return [];
    const given = names.filter((name) => !isUnset(value[name]));
    const unknown = given.filter((name) => value[name] === UNKNOWN);
    if (given.length === 1 || (unknown.length > 0 && given.length - unknown.length <= 1)) return [];
    const found = given.length === 0 ? "none is given" : `${given.join(" and ")} are given`;
    return [{ path, reason: `must have exactly one of ${names.join(", ")}: ${found}` }];
  };
}

/** A rule with a further look at the whole value. */
function also(rule: ArgumentRule, look: ArgumentRule["find"]): ArgumentRule {
  return {
    ...rule,
    find: (path, value, world) => [...rule.find(path, value, world), ...look(path, value, world)],
  };
}

function sourceOf(): ArgumentRule {
  return also(object(ENVIRONMENT_SOURCE), oneOf(["secretName", "configMapName"]));
}

function volumeOf(): ArgumentRule {
  return also(object(VOLUME), oneOf(Object.keys(VOLUME_SOURCES)));
}

function namedLikeALabel(path: string, name: string): ArgumentError[] {
  if (LABEL_NAMES.pattern.test(name)) return [];
  return [{ path, reason: `must have a name ${LABEL_NAMES.legal}` }];
}

function besideKey(path: string, key: unknown, source: Arguments): ArgumentError[] {
  if (isUnset(key)) {
    if (isUnset(source["variable"]) || source["variable"] === UNKNOWN) return [];
    return [{ path, reason: "is required beside variable: it is missing" }];
  }
  if (key === UNKNOWN || !isUnset(source["variable"])) return [];
  return validateArgument(path, key, variable, undefined).map(({ reason }) => ({
    path,
    reason: `${reason}; give the variable's name as variable`,
  }));
}

function onlyWithoutKey(path: string, prefix: unknown, { key }: Arguments): ArgumentError[] {
  if ([prefix, key].some((each) => isUnset(each) || each === UNKNOWN)) return [];
  return [{ path, reason: "can't be given with key: it is put before the names of all keys" }];
}

/** A variable has one source. */
function besideVariables(path: string, given: unknown, version: Arguments): ArgumentError[] {
  if (!Array.isArray(given)) return [];
  const own = isRecord(version["environmentVariables"]) ? version["environmentVariables"] : {};
  const seen = new Set(Object.keys(own));
  return given.flatMap((source: unknown, index) => {
    if (!isRecord(source) || isUnset(source["key"])) return [];
    const name = source["variable"] ?? source["key"];
    if (typeof name !== "string" || name === UNKNOWN) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: `${path}[${index}]`, reason: `sets variable ${name}, which is set already` }];
  });
}

/** Two volumes can't be mounted in the same place. */
function besideMounts(path: string, volumes: unknown): ArgumentError[] {
  if (!isRecord(volumes)) return [];
  const seen = new Map<string, string>();
  return Object.entries(volumes).flatMap(([name, volume]) => {
    const mountPath = isRecord(volume) ? volume["mountPath"] : undefined;
    if (typeof mountPath !== "string" || mountPath === UNKNOWN) return [];
    const other = seen.get(mountPath);
    seen.set(mountPath, name);
    if (other === undefined) return [];
    const reason = `must be another than that of volume ${other}: it is ${mountPath}`;
    return [{ path: `${path}.${name}.mountPath`, reason }];
  });
}

function besideNames(path: string, containers: unknown): ArgumentError[] {
  if (!Array.isArray(containers)) return [];
  const seen = new Set<unknown>([MODEL_CONTAINER]);
  return containers.flatMap((container: unknown, index) => {
    const name = isRecord(container) ? container["name"] : undefined;
    if (typeof name !== "string" || name === UNKNOWN) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reason = `must be a name that no other container of the pod has: it is ${shown(name)}`;
    return [{ path: `${path}[${index}].name`, reason }];
  });
}

/** Labels and annotations of ours tell routers, autoscaler and roll-outs what a pod is. */
export function notOurs(path: string, given: unknown): ArgumentError[] {
  if (!isRecord(given)) return [];
  return Object.keys(given)
    .filter((name) => name.startsWith(`${GROUP}/`))
    .map((name) => ({
      path: `${path}["${name}"]`,
      reason: `can't be given: what begins with ${GROUP}/ says which pods are the version's`,
    }));
}
