// The autoscaler pod's environment variables, ports and RBAC rules.

import { SAMPLES_PORT } from "../metrics-channel/router-sample";
import type { AdmissionSettings } from "../model-endpoint/admission";
import { NAMES_CONFIG_MAP } from "../model-endpoint/name-claims";
import { GROUP, PLURAL } from "../model-endpoint/model-endpoint";
import { readAdmission } from "./admission-environment";
import { INTERNAL_TLS_DIRECTORY } from "./internal-tls";
import type { PolicyRule } from "./policy-rule";

/** Default port of HEALTH_PATH and READY_PATH. The metrics channel listens on SAMPLES_PORT. */
export const HEALTH_PORT = 8081;
/** Answers 200 while the process is running. */
export const HEALTH_PATH = "/healthz";
/** Answers 200 once the watches have synced, on the leader and on the others. */
export const READY_PATH = "/readyz";

/** Name of the leader election's Lease in the autoscaler's namespace. */
export const LEASE_NAME = "aml-inference-autoscaler";

/** Field manager of everything that the autoscaler writes. */
export const FIELD_MANAGER = "aml-inference-autoscaler";

/** Names of the environment variables, besides ADMISSION_ENVIRONMENT. */
export const ENVIRONMENT = {
  /** Required: metadata.name of this pod (fieldRef), its identity in the leader election. */
  podName: "POD_NAME",
  /** Required: metadata.namespace of this pod (fieldRef), also the namespace of the router pods and the Lease. */
  podNamespace: "POD_NAMESPACE",
  /** Required: label selector of the router pods, e.g. `app.kubernetes.io/name=aml-inference-router`. */
  routerSelector: "ROUTER_POD_SELECTOR",
  /** Required: name of the routers' ServiceAccount in the same namespace. Only its tokens are accepted. */
  routerServiceAccount: "ROUTER_SERVICE_ACCOUNT",
  /** Namespace of the endpoints to scale. Default: all namespaces. */
  endpointNamespace: "ENDPOINT_NAMESPACE",
  /** Milliseconds for which the largest load delays a scale-down. Default 60000. */
  holdMs: "SCALE_DOWN_WINDOW_MS",
  /** Default SAMPLES_PORT, which routers connect to. */
  samplesPort: "SAMPLES_PORT",
  /** Folder of the metrics channel's certificate; default INTERNAL_TLS_DIRECTORY. */
  internalTlsDirectory: "INTERNAL_TLS_DIRECTORY",
  /** Default HEALTH_PORT. */
  healthPort: "HEALTH_PORT",
} as const;

/** v1 scales down after "about a minute" (azureml-semantics 3.5). */
const DEFAULT_HOLD_MS = 60_000;

export interface AutoscalerSettings {
  readonly podName: string;
  readonly podNamespace: string;
  readonly routerSelector: string;
  /** Username in a TokenReview: `system:serviceaccount:<namespace>:<name>`. */
  readonly routerUsername: string;
  /** Absent: all namespaces. */
  readonly endpointNamespace?: string;
  /** Which endpoints are scaled: those that the router serves. */
  readonly admission: AdmissionSettings;
  readonly holdMs: number;
  readonly samplesPort: number;
  readonly internalTlsDirectory: string;
  readonly healthPort: number;
}

export type ReadEnvironment =
  | { readonly ok: true; readonly settings: AutoscalerSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The settings, or an error for each variable that is missing or illegal. */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ReadEnvironment {
  const problems: string[] = [];
  const required = (name: string): string => {
    const value = environment[name] ?? "";
    if (value === "") problems.push(`${name} must be set: it is empty`);
    return value;
  };
  const podName = required(ENVIRONMENT.podName);
  const podNamespace = required(ENVIRONMENT.podNamespace);
  const routerSelector = required(ENVIRONMENT.routerSelector);
  const routerServiceAccount = required(ENVIRONMENT.routerServiceAccount);
  const integer = (name: string, defaultValue: number, maximum: number): number => {
    const text = environment[name];
    const value = text === undefined ? defaultValue : Number(text);
    if (!Number.isSafeInteger(value) || value < 1 || value > maximum) {
      problems.push(`${name} must be a whole number from 1 to ${maximum}: it is ${text ?? ""}`);
    }
    return value;
  };
  const endpointNamespace = environment[ENVIRONMENT.endpointNamespace];
  const settings: AutoscalerSettings = {
    ...(endpointNamespace === undefined ? {} : { endpointNamespace }),
    podName,
    podNamespace,
    admission: readAdmission(environment, problems),
    routerSelector,
    routerUsername: `system:serviceaccount:${podNamespace}:${routerServiceAccount}`,
    holdMs: integer(ENVIRONMENT.holdMs, DEFAULT_HOLD_MS, 86_400_000),
    samplesPort: integer(ENVIRONMENT.samplesPort, SAMPLES_PORT, 65_535),
    internalTlsDirectory: environment[ENVIRONMENT.internalTlsDirectory] || INTERNAL_TLS_DIRECTORY,
    healthPort: integer(ENVIRONMENT.healthPort, HEALTH_PORT, 65_535),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/** Rules for the whole cluster: endpoints may be in any namespace, and those that aren't served are told why. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ["list", "watch"] },
  { apiGroups: [GROUP], resources: [`${PLURAL}/status`], verbs: ["patch"] },
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  // Whether a Lease of the name below is that of an autoscaler.
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  // The Leases of other routers' autoscalers. A list or watch must select this name, or it is refused.
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [LEASE_NAME],
    verbs: ["list", "watch"],
  },
];

/** Rules for the namespaces of endpoints that may be served. */
export const ENDPOINT_RULES: readonly PolicyRule[] = [
  { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list", "watch"] },
  { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get", "update"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create"] },
];

/** Rules of a Role in the autoscaler's namespace. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [
  // The routers' pods, which report to it.
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
  // RBAC can't restrict `create` by resource name.
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [LEASE_NAME],
    verbs: ["get", "update"],
  },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: [NAMES_CONFIG_MAP],
    verbs: ["list", "watch", "patch"],
  },
];
