// The argument `podTemplate`: what a patch of the pod may change, and what no argument may ask of its node.
import { PodSecurity } from "../../contracts/choices";
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import { MODEL_PORT } from "../../contracts/scoring-api";
import {
  entriesOf,
  findSecurityProblems,
  type SecurityProblem,
} from "../../kubernetes/core/pod-security";
import { findPatchProblems, mergePodTemplate } from "../../kubernetes/core/strategic-merge";
import { type ArgumentError, illegal, shown } from "../../values/argument-error";
import { type ArgumentRule, type Arguments, isUnset, pathTo } from "../../values/argument-table";
import { digestOf } from "../../values/digest";
import { isRecord, recordOf } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { UNKNOWN } from "../../values/unknown";
import { valueAt } from "../../values/value-at";
import { without } from "../../values/without";
import { MODEL_CONTAINER, notOurs } from "./pod-arguments";

const rule = { legal: "be an object with metadata or spec, as a pod template has" };

/** Members of a Deployment's spec that a patch of its pods can't have, and who decides them. */
const OF_DEPLOYMENT: Readonly<Record<string, string>> = {
  replicas: "numReplicas or autoscale decides it",
  selector: "it says which pods are the version's",
  template: "podTemplate is the template itself: give metadata and spec",
  strategy: "a roll-out must lose no request",
  minReadySeconds: "a replica serves as soon as it is ready",
  progressDeadlineSeconds: "rolloutTimeoutSeconds decides it",
  revisionHistoryLimit: "a failed roll-out needs the former template",
  paused: "a roll-out would never end",
};

/** Validates the pod as a whole, also where no patch is given. */
export const podTemplate: ArgumentRule = {
  ...rule,
  find(path, value) {
    if (!isRecord(value)) return illegal(path, rule, value);
    const { metadata, spec } = value;
    const strangers = Object.keys(value).filter((name) => !["metadata", "spec"].includes(name));
    const inMetadata = isRecord(metadata) ? Object.keys(metadata) : [];
    const isShape = (member: unknown) =>
      member === undefined || member === UNKNOWN || isRecord(member);
    return [
      ...strangers.map((name) => ofDeployment(path, name)),
      ...Object.keys(isRecord(spec) ? spec : {})
        .filter((name) => Object.hasOwn(OF_DEPLOYMENT, name))
        .map((name) => ofDeployment(`${path}.spec`, name)),
      ...inMetadata
        .filter((name) => !["labels", "annotations"].includes(name))
        .map((name) => ({
          path: `${path}.metadata.${name}`,
          reason: "can't be given: of a pod's metadata only labels and annotations can be patched",
        })),
      ...Object.entries({ metadata, spec })
        .filter(([, member]) => !isShape(member))
        .flatMap(([name, member]) => illegal(`${path}.${name}`, { legal: "be an object" }, member)),
      ...findPatchProblems(value).map((each) => ({ ...each, path: `${path}.${each.path}` })),
    ];
  },
  beside: validatePod,
};

function ofDeployment(path: string, name: string): ArgumentError {
  const why = OF_DEPLOYMENT[name] ?? "a pod template has metadata and spec";
  return { path: `${path}.${name}`, reason: `can't be given: ${why}` };
}

function validatePod(path: string, given: unknown, version: Arguments): ArgumentError[] {
  const known = withoutUnknown(version) as Arguments;
  const patch = isRecord(given) ? (withoutUnknown(given) as JsonObject) : {};
  const isMergeable = ["metadata", "spec"].every(
    (name) => patch[name] === undefined || isRecord(patch[name]),
  );
  const before = podOf(known);
  const after = isMergeable ? mergePodTemplate(before, patch) : before;
  const owner = path.slice(0, -".podTemplate".length);
  return [
    ...securityErrors(owner, path, before, after, version["podSecurity"]),
    ...(isRecord(given) && isMergeable ? changesOfOurs(path, before, after) : []),
    ...(isRecord(given) && isMergeable && !hasAccount(given, version)
      ? tokenErrors(path, recordOf(after["spec"]))
      : []),
    ...portConflicts(owner, before, after),
  ];
}

/** The pod as far as it matters here, with what is ours in it. */
function podOf(version: Arguments): JsonObject {
  const volumes = recordOf(version["volumes"]);
  return {
    metadata: {
      labels: { ...recordOf(version["podLabels"]), [ENDPOINT_LABEL]: "", [VERSION_LABEL]: "" },
      annotations: recordOf(version["podAnnotations"]),
    },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: "",
      securityContext: recordOf(version["podSecurityContext"]),
      // Their sources are none that a level refuses.
      volumes: Object.keys(volumes).map((name) => ({ name })),
      initContainers: Array.isArray(version["initContainers"]) ? version["initContainers"] : [],
      containers: [
        {
          name: MODEL_CONTAINER,
          ports: [{ name: "http", containerPort: MODEL_PORT, protocol: "TCP" }],
          securityContext: recordOf(version["securityContext"]),
          lifecycle: { preStop: { sleep: {} } },
        },
      ],
    },
  };
}

/** Where the parts of the pod come from. */
const ARGUMENT_OF: readonly (readonly [part: string, argument: string])[] = [
  [`spec.containers[${MODEL_CONTAINER}].securityContext`, "securityContext"],
  ["spec.securityContext", "podSecurityContext"],
  ["spec.initContainers", "initContainers"],
];

function securityErrors(
  owner: string,
  path: string,
  before: JsonObject,
  after: JsonObject,
  level: unknown,
): ArgumentError[] {
  const given = level ?? PodSecurity.Restricted;
  const known = Object.values(PodSecurity).find((each) => each === given);
  if (known === undefined) return [];
  const ofArguments = findSecurityProblems(before, known);
  const isOfArguments = (problem: SecurityProblem) =>
    ofArguments.some((each) => digestOf(each) === digestOf(problem));
  return [
    ...ofArguments.map((problem) => {
      const [part = "", argument = ""] =
        ARGUMENT_OF.find(([start]) => problem.path.startsWith(start)) ?? [];
      return securityError(
        `${owner}.${argument}${problem.path.slice(part.length)}`,
        problem,
        known,
      );
    }),
    ...findSecurityProblems(after, known)
      .filter((problem) => !isOfArguments(problem))
      .map((problem) => securityError(pathTo(path, problem.path), problem, known)),
  ];
}

function securityError(
  path: string,
  { value, allowedBy }: SecurityProblem,
  level: PodSecurity,
): ArgumentError {
  const where =
    allowedBy === PodSecurity.Privileged ? ", in a namespace of your own that allows it" : "";
  const reason = `is ${shown(value)}, which podSecurity "${level}" refuses: podSecurity "${allowedBy}" allows it${where}`;
  return { path, reason };
}

/** What the endpoint needs as it is. */
function changesOfOurs(path: string, before: JsonObject, after: JsonObject): ArgumentError[] {
  const spec = recordOf(after["spec"]);
  const model = entriesOf("", spec["containers"]).find(([, { name }]) => name === MODEL_CONTAINER);
  const at = `${path}.spec.containers[${MODEL_CONTAINER}]`;
  const changed = (place: string, value: unknown, was: unknown, why: string): ArgumentError[] => {
    if (digestOf({ value }) === digestOf({ value: was })) return [];
    return [{ path: place, reason: `can't be changed, to ${shown(value)}: ${why}` }];
  };
  const was = (place: string) => valueAt(before, place);
  const labels = recordOf(valueAt(after, "metadata.labels"));
  const [oldModel = {}] = (was("spec.containers") ?? []) as readonly JsonObject[];
  return [
    ...[ENDPOINT_LABEL, VERSION_LABEL].flatMap((name) =>
      changed(
        `${path}.metadata.labels["${name}"]`,
        labels[name],
        "",
        "it says which pods are the version's",
      ),
    ),
    ...notOurs(`${path}.metadata.labels`, without(labels, ENDPOINT_LABEL, VERSION_LABEL)),
    ...notOurs(`${path}.metadata.annotations`, valueAt(after, "metadata.annotations")),
    ...changed(
      `${path}.spec.terminationGracePeriodSeconds`,
      spec["terminationGracePeriodSeconds"],
      was("spec.terminationGracePeriodSeconds"),
      "give the version's argument terminationGracePeriodSeconds, which covers the drain",
    ),
    ...(model === undefined
      ? [{ path: at, reason: "can't be removed or renamed: it is the container that serves" }]
      : [
          ...changed(
            `${at}.lifecycle.preStop`,
            valueAt(model[1], "lifecycle.preStop"),
            valueAt(oldModel, "lifecycle.preStop"),
            "it keeps a removed replica until its last requests have ended",
          ),
          ...changed(
            `${at}.ports[${MODEL_PORT}]`,
            portsOf(model[1]).find(({ containerPort }) => containerPort === MODEL_PORT),
            portsOf(oldModel)[0],
            "it is the port that routers send requests to",
          ),
        ]),
  ];
}

/** Also one whose name isn't known yet. */
function hasAccount(patch: JsonObject, version: Arguments): boolean {
  const names = [version["serviceAccountName"], valueAt(patch, "spec.serviceAccountName")];
  return names.some((name) => !isUnset(name));
}

/** A token of the API server is only for an account that somebody chose. */
function tokenErrors(path: string, spec: JsonObject): ArgumentError[] {
  const reason =
    "can't be given without serviceAccountName: every pod of the namespace has the default account";
  const projected = entriesOf(`${path}.spec.volumes`, spec["volumes"]).filter(([, volume]) =>
    entriesOf("", valueAt(volume, "projected.sources")).some(
      ([, source]) => !isUnset(source["serviceAccountToken"]),
    ),
  );
  const { automountServiceAccountToken: isMounted } = spec;
  return [
    // Kubernetes takes an absent one for true.
    ...(isMounted === false ? [] : [{ path: `${path}.spec.automountServiceAccountToken`, reason }]),
    ...projected.map(([at]) => ({ path: `${at}.projected.sources`, reason })),
  ];
}

/** Containers of a pod share its ports. */
function portConflicts(owner: string, before: JsonObject, after: JsonObject): ArgumentError[] {
  return ["initContainers", "containers"].flatMap((list) =>
    entriesOf(list, valueAt(after, `spec.${list}`)).flatMap(([at, container]) => {
      const serves = portsOf(container).some(({ containerPort }) => containerPort === MODEL_PORT);
      if (container["name"] === MODEL_CONTAINER || !serves) return [];
      const isArgument = entriesOf(list, valueAt(before, `spec.${list}`)).some(
        ([own]) => own === at,
      );
      const path = isArgument ? `${owner}.${at}` : `${owner}.podTemplate.spec.${at}`;
      const reason = `can't be given: the model's container listens on ${MODEL_PORT}`;
      return [{ path: `${path}.ports[${MODEL_PORT}]`, reason }];
    }),
  );
}

function portsOf(container: JsonObject): readonly JsonObject[] {
  return entriesOf("", container["ports"]).map(([, port]) => port);
}

/** Without members and entries that are unknown: they are validated once they are known. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((entry) => entry !== UNKNOWN).map(withoutUnknown);
  }
  if (!isRecord(value)) return value;
  const known = Object.entries(value).filter(([, member]) => member !== UNKNOWN);
  return Object.fromEntries(known.map(([name, member]) => [name, withoutUnknown(member)]));
}
