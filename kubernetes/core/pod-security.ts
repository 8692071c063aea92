// What Kubernetes' levels of security refuse in a pod (kubernetes.io, «Pod Security Standards»), and what containers get
// so that they keep to their level.
import { PodSecurity } from "../../contracts/choices";
import { isRecord, recordOf } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { fieldPath, itemPath } from "./field-path";
import { type Json } from "./kube-object";

/** A value that only a laxer level allows. */
export interface SecurityProblem {
  /** E.g. `spec.containers[model].securityContext.privileged`. */
  readonly path: string;
  readonly value: unknown;
  /** The strictest level that allows it. */
  readonly allowedBy: PodSecurity;
}

const { Restricted, Baseline, Privileged } = PodSecurity;
const LEVELS: readonly PodSecurity[] = [Restricted, Baseline, Privileged];

/** Container's defaults: what they drop can't be given back by leaving it out. */
const CONTAINER_DEFAULTS = {
  [Restricted]: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  [Baseline]: { allowPrivilegeEscalation: false, capabilities: { drop: ["NET_RAW"] } },
  [Privileged]: {},
} as const;

/** A container's security context: the level's, with what is given; what the level drops stays dropped. */
export function containerSecurity(level: PodSecurity, given: JsonObject = {}): JsonObject {
  const defaults = CONTAINER_DEFAULTS[level];
  if (!("capabilities" in defaults)) return given;
  const own = isRecord(given["capabilities"]) ? given["capabilities"] : {};
  const dropped = Array.isArray(own["drop"]) ? (own["drop"] as readonly unknown[]) : [];
  const drop = [...new Set([...defaults.capabilities.drop, ...dropped])];
  return { ...defaults, ...given, capabilities: { ...own, drop } };
}

/** A pod's security context: the level's, with what is given. */
export function podLevelSecurity(level: PodSecurity, given: JsonObject = {}): JsonObject {
  return {
    seccompProfile: { type: "RuntimeDefault" },
    ...(level === Restricted ? { runAsNonRoot: true } : {}),
    ...given,
  };
}

const BASELINE_CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"],
  ...["NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];
const RESTRICTED_VOLUMES = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral"],
  ...["persistentVolumeClaim", "projected", "secret"],
];
const SAFE_SYSCTLS = [
  ...[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
  ],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  ...["net.ipv4.tcp_keepalive_probes"],
];
const SELINUX_TYPES = [
  ...["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"],
];

/** What the level refuses in a pod template. */
export function findSecurityProblems(
  template: JsonObject,
  level: PodSecurity,
): readonly SecurityProblem[] {
  const spec = recordOf(template["spec"]);
  const found = [
    ...["hostNetwork", "hostPID", "hostIPC"].flatMap((name) =>
      refuse(`spec.${name}`, spec[name], Privileged, spec[name] === true),
    ),
    ...contextProblems("spec.securityContext", recordOf(spec["securityContext"])),
    ...entriesOf("spec.volumes", spec["volumes"]).flatMap(([path, volume]) =>
      Object.entries(volume)
        .filter(([name]) => name !== "name" && !RESTRICTED_VOLUMES.includes(name))
        .map(([name, value]) => ({
          path: fieldPath(path, name),
          value,
          allowedBy: name === "hostPath" ? Privileged : Baseline,
        })),
    ),
    ...["initContainers", "containers"].flatMap((list) =>
      entriesOf(`spec.${list}`, spec[list]).flatMap(([path, each]) =>
        containerProblems(path, each),
      ),
    ),
  ];
  return found.filter(({ allowedBy }) => LEVELS.indexOf(allowedBy) > LEVELS.indexOf(level));
}

function containerProblems(path: string, container: JsonObject): SecurityProblem[] {
  const context = recordOf(container["securityContext"]);
  const at = `${path}.securityContext`;
  const { add } = recordOf(context["capabilities"]);
  const added = Array.isArray(add) ? (add as readonly unknown[]) : [];
  const isBaseline = (name: unknown) => BASELINE_CAPABILITIES.includes(String(name));
  return [
    ...contextProblems(at, context),
    ...refuse(`${at}.privileged`, true, Privileged, context["privileged"] === true),
    ...refuse(
      `${at}.allowPrivilegeEscalation`,
      true,
      Baseline,
      context["allowPrivilegeEscalation"] === true,
    ),
    ...added
      .filter((name) => name !== "NET_BIND_SERVICE")
      .map((value) => ({
        path: `${at}.capabilities.add`,
        value,
        allowedBy: isBaseline(value) ? Baseline : Privileged,
      })),
    ...refuse(
      `${at}.procMount`,
      context["procMount"],
      Privileged,
      ![undefined, "Default"].includes(context["procMount"] as string | undefined),
    ),
    ...entriesOf(`${path}.ports`, container["ports"]).flatMap(([port, { hostPort }]) =>
      refuse(`${port}.hostPort`, hostPort, Privileged, (hostPort ?? 0) !== 0),
    ),
    ...hostProblems(path, container),
  ];
}

/** A probe or a hook that calls another host than its pod. */
function hostProblems(path: string, container: JsonObject): SecurityProblem[] {
  const lifecycle = recordOf(container["lifecycle"]);
  const handlers = [
    ...["startupProbe", "readinessProbe", "livenessProbe"].map(
      (name) => [`${path}.${name}`, container[name]] as const,
    ),
    ...Object.entries(lifecycle).map(
      ([name, hook]) => [`${path}.lifecycle.${name}`, hook] as const,
    ),
  ];
  return handlers.flatMap(([at, handler]) =>
    ["httpGet", "tcpSocket"].flatMap((kind) => {
      const { host } = recordOf(recordOf(handler)[kind]);
      return refuse(`${at}.${kind}.host`, host, Privileged, (host ?? "") !== "");
    }),
  );
}

/** Of a pod's context or a container's. */
function contextProblems(path: string, context: JsonObject): SecurityProblem[] {
  const { runAsNonRoot, runAsUser } = context;
  const { type: seccomp } = recordOf(context["seccompProfile"]);
  const { type: appArmor } = recordOf(context["appArmorProfile"]);
  const { hostProcess } = recordOf(context["windowsOptions"]);
  const selinux = recordOf(context["seLinuxOptions"]);
  return [
    ...refuse(`${path}.runAsNonRoot`, false, Baseline, runAsNonRoot === false),
    ...refuse(`${path}.runAsUser`, 0, Baseline, runAsUser === 0),
    ...refuse(`${path}.seccompProfile.type`, seccomp, Privileged, seccomp === "Unconfined"),
    ...refuse(`${path}.appArmorProfile.type`, appArmor, Privileged, appArmor === "Unconfined"),
    ...refuse(`${path}.windowsOptions.hostProcess`, true, Privileged, hostProcess === true),
    ...Object.entries(selinux).flatMap(([name, value]) => {
      const isLegal = name === "type" ? SELINUX_TYPES.includes(String(value)) : name === "level";
      return refuse(`${path}.seLinuxOptions.${name}`, value, Privileged, !isLegal && value !== "");
    }),
    ...entriesOf(`${path}.sysctls`, context["sysctls"]).flatMap(([at, { name }]) =>
      refuse(at, name, Privileged, !SAFE_SYSCTLS.includes(String(name))),
    ),
  ];
}

function refuse(
  path: string,
  value: unknown,
  allowedBy: PodSecurity,
  isRefused: boolean,
): SecurityProblem[] {
  return isRefused ? [{ path, value, allowedBy }] : [];
}

/** The objects of a list, each with its path. */
export function entriesOf(path: string, list: unknown): (readonly [string, JsonObject])[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) =>
    isRecord(entry) ? [[itemPath(path, entry as Json, index), entry] as const] : [],
  );
}
