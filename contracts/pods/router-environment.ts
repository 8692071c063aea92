// What the router's pod needs: ports, paths, environment variables, and rights in the cluster.
import { VERSION_BOUNDS } from "../model-endpoint/limits";
import { GROUP, PLURAL } from "../model-endpoint/model-endpoint";
import type { PolicyRule } from "./policy-rule";

/** Container ports of HAProxy. Above 1024, so that nothing needs a capability; the Service maps 80 and 443 to them. */
export const HTTP_PORT = 8080;
export const HTTPS_PORT = 8443;
/** HAProxy's `/readyz` (200 once the agent has filled it, 503 before and while draining) and `/healthz`. */
export const HEALTH_PORT = 8081;

/** Container port of the agent: `/healthz`, `/startupz` (200 once HAProxy's files are written) and `/drain`. */
export const AGENT_PORT = 8082;
export const STARTUP_PATH = "/startupz";
export const LIVENESS_PATH = "/healthz";
export const READINESS_PATH = "/readyz";
/** GET returns when the pod has left the endpoints and its last request is done, or after the bound. */
export const DRAIN_PATH = "/drain";

/** Folder of the emptyDir that both containers mount: the agent writes haproxy.cfg and slots.lua, HAProxy its socket. */
export const SHARED_DIRECTORY = "/run/aml";
export const CONFIG_FILE = "haproxy.cfg";

/** Names of the agent's environment variables. */
export const ENVIRONMENT = {
  /** Required: metadata.name of this pod (fieldRef), under which it reports. */
  podName: "POD_NAME",
  /** `<namespace>/<name>` of the autoscaler's headless Service; unset: nothing is reported. */
  autoscalerService: "AML_AUTOSCALER_SERVICE",
  /** Projected token with the audience SAMPLES_AUDIENCE; default DEFAULT_TOKEN_FILE. */
  tokenFile: "AML_AUTOSCALER_TOKEN_FILE",
  /** Folder with CERTIFICATE_FILE and PRIVATE_KEY_FILE, a mounted Secret; unset: no TLS. */
  tlsDirectory: "AML_TLS_DIRECTORY",
  /** Seconds that DRAIN_PATH waits for the last request; default DEFAULT_DRAIN_SECONDS. */
  drainSeconds: "AML_DRAIN_SECONDS",
} as const;

export const DEFAULT_TOKEN_FILE = "/var/run/secrets/aml-inference.io/autoscaler/token";

/** Time for the queue, and for PROPAGATION_SECONDS.loadBalancer. */
const DRAIN_MARGIN_SECONDS = 30;
/** The last request to arrive may take the longest scoring timeout. */
export const DEFAULT_DRAIN_SECONDS =
  VERSION_BOUNDS.scoringTimeoutMs.maximum / 1_000 + DRAIN_MARGIN_SECONDS;

/** Time for HAProxy and then the agent to end after the drain. */
const SHUTDOWN_SECONDS = 30;
/** The pod's `terminationGracePeriodSeconds`: HAProxy's preStop, which is the drain, counts in it. */
export const TERMINATION_GRACE_SECONDS = DEFAULT_DRAIN_SECONDS + SHUTDOWN_SECONDS;

/** Keys of a Secret of type kubernetes.io/tls. */
export const CERTIFICATE_FILE = "tls.crt";
export const PRIVATE_KEY_FILE = "tls.key";

export interface AgentSettings {
  readonly podName: string;
  readonly autoscalerService?: { readonly namespace: string; readonly name: string };
  readonly tokenFile: string;
  readonly tlsDirectory?: string;
  readonly drainSeconds: number;
}

export type ReadEnvironment =
  | { readonly ok: true; readonly settings: AgentSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The settings, or a sentence for each variable that is missing or illegal. */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ReadEnvironment {
  const problems: string[] = [];
  const value = (name: string) => environment[name] || undefined;
  const podName = value(ENVIRONMENT.podName) ?? "";
  if (podName === "") problems.push(`${ENVIRONMENT.podName} must be set: it is empty`);
  const service = value(ENVIRONMENT.autoscalerService);
  const [namespace, name, ...rest] = service?.split("/") ?? [];
  if (service !== undefined && (!namespace || !name || rest.length > 0)) {
    problems.push(`${ENVIRONMENT.autoscalerService} must be <namespace>/<name>: it is ${service}`);
  }
  const drain = value(ENVIRONMENT.drainSeconds) ?? String(DEFAULT_DRAIN_SECONDS);
  if (!/^\d{1,6}$/.test(drain)) {
    problems.push(`${ENVIRONMENT.drainSeconds} must be whole seconds: it is ${drain}`);
  }
  const tlsDirectory = value(ENVIRONMENT.tlsDirectory);
  const settings: AgentSettings = {
    podName,
    ...(namespace && name ? { autoscalerService: { namespace, name } } : {}),
    tokenFile: value(ENVIRONMENT.tokenFile) ?? DEFAULT_TOKEN_FILE,
    ...(tlsDirectory === undefined ? {} : { tlsDirectory }),
    drainSeconds: Number(drain),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/** For a ClusterRole, since endpoints may be in any namespace. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ["list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
];

/** For a Role in the router's own namespace: nothing. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [];
