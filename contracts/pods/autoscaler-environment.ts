// What the autoscaler's pod needs: environment variables, ports, and rights in the cluster.

import { SAMPLES_PORT } from "../metrics-channel/router-sample";
import { GROUP, PLURAL } from "../model-endpoint/model-endpoint";
import type { PolicyRule } from "./policy-rule";

/** Port of `/healthz` and `/readyz`; the metrics channel has SAMPLES_PORT. Defaults of the variables below. */
export const HEALTH_PORT = 8081;
/** 200 while the process works. */
export const HEALTH_PATH = "/healthz";
/** 200 once the watches are filled and samples are taken; the leader or not. */
export const READY_PATH = "/readyz";

/** Name of the Lease in the autoscaler's namespace, whose holder acts. */
export const LEASE_NAME = "aml-inference-autoscaler";

/** Field manager of all that the autoscaler writes. */
export const FIELD_MANAGER = "aml-inference-autoscaler";

/** Names of the environment variables. */
export const ENVIRONMENT = {
  /** Required: metadata.name of this pod (fieldRef), the leader's identity. */
  podName: "POD_NAME",
  /** Required: metadata.namespace of this pod (fieldRef); the routers' pods and the Lease are there. */
  podNamespace: "POD_NAMESPACE",
  /** Required: label selector of the routers' pods, such as `app.kubernetes.io/name=aml-inference-router`. */
  routerSelector: "ROUTER_POD_SELECTOR",
  /** Required: name of the routers' ServiceAccount in the same namespace: only its tokens may report. */
  routerServiceAccount: "ROUTER_SERVICE_ACCOUNT",
  /** Only the endpoints of this namespace are scaled; default all namespaces. */
  endpointNamespace: "ENDPOINT_NAMESPACE",
  /** Milliseconds for which the largest load holds its replicas; default 60000. */
  holdMs: "SCALE_DOWN_WINDOW_MS",
  /** Default SAMPLES_PORT, where routers look for it. */
  samplesPort: "SAMPLES_PORT",
  /** Default HEALTH_PORT. */
  healthPort: "HEALTH_PORT",
} as const;

/** v1 goes down after "about a minute" (azureml-semantics 3.5). */
const DEFAULT_HOLD_MS = 60_000;

export interface AutoscalerSettings {
  readonly podName: string;
  readonly podNamespace: string;
  readonly routerSelector: string;
  /** As TokenReview names it: `system:serviceaccount:<namespace>:<name>`. */
  readonly routerUsername: string;
  /** Absent: all namespaces. */
  readonly endpointNamespace?: string;
  readonly holdMs: number;
  readonly samplesPort: number;
  readonly healthPort: number;
}

export type ReadEnvironment =
  | { readonly ok: true; readonly settings: AutoscalerSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The settings, or a sentence for each variable that is missing or illegal. */
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
  const whole = (name: string, byDefault: number, maximum: number): number => {
    const text = environment[name];
    const value = text === undefined ? byDefault : Number(text);
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
    routerSelector,
    routerUsername: `system:serviceaccount:${podNamespace}:${routerServiceAccount}`,
    holdMs: whole(ENVIRONMENT.holdMs, DEFAULT_HOLD_MS, 86_400_000),
    samplesPort: whole(ENVIRONMENT.samplesPort, SAMPLES_PORT, 65_535),
    healthPort: whole(ENVIRONMENT.healthPort, HEALTH_PORT, 65_535),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/** For a ClusterRole, since endpoints may be in any namespace. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ["list", "watch"] },
  { apiGroups: [GROUP], resources: [`${PLURAL}/status`], verbs: ["patch"] },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list", "watch"] },
  { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get", "update"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create"] },
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
];

/** For a Role in the autoscaler's own namespace. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [
  // The name of what is created cannot be limited.
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [LEASE_NAME],
    verbs: ["get", "update"],
  },
];
