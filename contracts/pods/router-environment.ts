// The router pod's ports, paths, environment variables and RBAC rules.
import { VERSION_BOUNDS } from "../model-endpoint/limits";
import { GROUP, PLURAL } from "../model-endpoint/model-endpoint";
import type { PolicyRule } from "./policy-rule";
import { PROPAGATION_SECONDS } from "./propagation";

/** Container ports of HAProxy, above 1024 so that it needs no capability. The Service maps 80 and 443 to them. */
export const HTTP_PORT = 8080;
export const HTTPS_PORT = 8443;
/** Port of HAProxy's `/healthz` and `/readyz`, which answers 503 until the agent configured it and while draining. */
export const HEALTH_PORT = 8081;

export const LIVENESS_PATH = "/healthz";
export const READINESS_PATH = "/readyz";

/** Mount path of the emptyDir shared by both containers: haproxy.cfg and slots.lua from the agent, HAProxy's socket. */
export const SHARED_DIRECTORY = "/run/aml";
export const CONFIG_FILE = "haproxy.cfg";

/**
 * Files in SHARED_DIRECTORY by which a drain is asked for and answered: nobody but the pod's own containers can. HAProxy's
 * preStop hook makes `requested` and waits for `answered`; a HAProxy that starts removes both, so that a drain ends with
 * the HAProxy that it was begun for.
 */
export const DRAIN_FILES = {
  requested: "drain",
  /** Made when the last request has ended, or the bound is reached. */
  answered: "drained",
  /** The bound in whole seconds, as the endpoints that are served allow; without the file LONGEST_DRAIN_SECONDS. */
  bound: "drain-seconds",
} as const;

/** Names of the agent's environment variables. */
export const ENVIRONMENT = {
  /** Required: metadata.name of this pod (fieldRef), its name in the samples. */
  podName: "POD_NAME",
  /** `<namespace>/<name>` of the autoscaler's headless Service. Unset: the agent reports nothing. */
  autoscalerService: "AML_AUTOSCALER_SERVICE",
  /** File of the projected token with the audience SAMPLES_AUDIENCE; default DEFAULT_TOKEN_FILE. */
  tokenFile: "AML_AUTOSCALER_TOKEN_FILE",
  /** Default SHARED_DIRECTORY. */
  directory: "AML_SHARED_DIRECTORY",
  /** Mount path of the Secret with CERTIFICATE_FILE and PRIVATE_KEY_FILE. Unset: no TLS. */
  tlsDirectory: "AML_TLS_DIRECTORY",
} as const;

export const DEFAULT_TOKEN_FILE = "/var/run/secrets/aml-inference.io/autoscaler/token";

/** Seconds that a request may wait in a queue for a drain to wait as long: `maxQueueWaitMs` itself has no upper bound. */
export const LONGEST_QUEUE_SECONDS = 300;
/** Seconds that a stream takes at most, from its version's largest legal `maxStreamSeconds`. */
const LONGEST_STREAM_SECONDS = 3_600;
/** Seconds for a request's upload, which comes before its queue, and for PROPAGATION_SECONDS.loadBalancer. */
export const DRAIN_MARGIN_SECONDS = 60 + PROPAGATION_SECONDS.loadBalancer;
/** Seconds that a drain takes at most, whatever is served. */
export const LONGEST_DRAIN_SECONDS =
  DRAIN_MARGIN_SECONDS +
  LONGEST_QUEUE_SECONDS +
  Math.max(LONGEST_STREAM_SECONDS, VERSION_BOUNDS.scoringTimeoutMs.maximum / 1_000);

/** Seconds after its start in which the first process of the agent's container takes no notice of SIGTERM, at most. */
export const AGENT_START_SECONDS = 3;
/** Time for HAProxy and then the agent to exit after the drain. */
const SHUTDOWN_SECONDS = 30;
/** The pod's `terminationGracePeriodSeconds`. It includes HAProxy's preStop hook, which is the drain. */
export const TERMINATION_GRACE_SECONDS = LONGEST_DRAIN_SECONDS + SHUTDOWN_SECONDS;
/** Seconds for the preStop hook and the end of a HAProxy that failed its liveness probe: what it serves is stuck anyway. */
export const STUCK_GRACE_SECONDS = 10;

/** Keys of a Secret of type kubernetes.io/tls. */
export const CERTIFICATE_FILE = "tls.crt";
export const PRIVATE_KEY_FILE = "tls.key";

export interface AgentSettings {
  readonly podName: string;
  readonly autoscalerService?: { readonly namespace: string; readonly name: string };
  readonly tokenFile: string;
  readonly directory: string;
  readonly tlsDirectory?: string;
}

export type ReadEnvironment =
  | { readonly ok: true; readonly settings: AgentSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The settings, or an error for each variable that is missing or illegal. */
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
  const tlsDirectory = value(ENVIRONMENT.tlsDirectory);
  const settings: AgentSettings = {
    podName,
    ...(namespace && name ? { autoscalerService: { namespace, name } } : {}),
    tokenFile: value(ENVIRONMENT.tokenFile) ?? DEFAULT_TOKEN_FILE,
    directory: sharedDirectory(environment),
    ...(tlsDirectory === undefined ? {} : { tlsDirectory }),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/** Where the agent and its supervisor find the folder that they share with HAProxy. */
export function sharedDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return environment[ENVIRONMENT.directory] || SHARED_DIRECTORY;
}

/** Rules of a ClusterRole: endpoints may be in any namespace. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ["list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
];

/** Rules of a Role in the router's namespace: none. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [];
