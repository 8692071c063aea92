/** Which fields of which kinds can't be changed on a living object, so that a change replaces it. */
import {
  apiVersionOf,
  groupOf,
  isConfigMap,
  isSecretObject,
  kindOf,
  type KubeObject,
} from "./kube-object";
import type { PathStep } from "./property-path";

/** The provider's options that make data changeable in place. */
export interface MutableData {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const name = ["metadata", "name"];
const namespace = ["metadata", "namespace"];

const containerFields = [
  "args",
  "command",
  "env",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "ports",
  "readinessProbe",
  "resources",
  "securityContext",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
];

const podFields = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
];

// What Kubernetes' validation of each kind refuses to change, as the vendor's plugin has it.
const fieldsByKind: Readonly<Record<string, readonly (readonly PathStep[])[]>> = {
  "apps/Deployment": [["spec", "selector"]],
  "apps/DaemonSet": [["spec", "selector"]],
  "apps/StatefulSet": [
    ["spec", "podManagementPolicy"],
    ["spec", "revisionHistoryLimit"],
    ["spec", "selector"],
    ["spec", "serviceName"],
    ["spec", "volumeClaimTemplates"],
  ],
  "batch/Job": [
    ["spec", "completions"],
    ["spec", "parallelism"],
    ["spec", "selector"],
    ["spec", "template"],
  ],
  "/PersistentVolumeClaim": [
    ["spec", "accessModes"],
    ["spec", "selector"],
    ["spec", "storageClassName"],
    ["spec", "volumeName"],
  ],
  "/Pod": [
    ...podFields.map((field) => ["spec", field]),
    ...["containers", "initContainers"].flatMap((list) =>
      containerFields.map((field) => ["spec", list, "*", field]),
    ),
  ],
  "/ResourceQuota": [["spec", "scopes"]],
  "/Secret": [["type"]],
  "/Service": [["spec", "clusterIP"]],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [["roleRef"]],
  "rbac.authorization.k8s.io/RoleBinding": [["roleRef"]],
  "storage.k8s.io/StorageClass": [["parameters"], ["provisioner"]],
};

/** The paths whose change replaces this object. */
export function immutableFieldsOf(
  object: KubeObject,
  mutable: MutableData,
): readonly (readonly PathStep[])[] {
  const identity = [name, namespace];
  const marked = object["immutable"] === true;
  if (isSecretObject(object) && (!mutable.secrets || marked)) {
    return [...identity, ["type"], ["stringData"], ["data"]];
  }
  if (isConfigMap(object) && (!mutable.configMaps || marked)) {
    return [...identity, ["binaryData"], ["data"]];
  }
  // Version v1 of each group is the only one that a supported Kubernetes serves for these kinds.
  const isFirstVersion = apiVersionOf(object).split("/").at(-1) === "v1";
  const ofKind = isFirstVersion ? fieldsByKind[`${groupOf(object)}/${kindOf(object)}`] : undefined;
  return [...identity, ...(ofKind ?? [])];
}
