// The router pod's ports, paths, environment variables and RBAC rules.
import { InsecureTraffic } from "../choices";
import { VERSION_BOUNDS } from "../model-endpoint/limits";
import { GROUP, PLURAL } from "../model-endpoint/model-endpoint";
import type { PolicyRule } from "./policy-rule";

/** Container ports of HAProxy, above 1024 so that it needs no capability. The Service maps 80 and 443 to them. */
export const HTTP_PORT = 8080;
export const HTTPS_PORT = 8443;
/** Port of HAProxy's `/healthz` and `/readyz`, which answers 503 until the agent configured it and while draining. */
export const HEALTH_PORT = 8081;

/** Container port of the agent: `/healthz`, `/startupz` (200 once HAProxy's files are written) and `/drain`. */
export const AGENT_PORT = 8082;
export const STARTUP_PATH = "/startupz";
export const LIVENESS_PATH = "/healthz";
export const READINESS_PATH = "/readyz";
/** GET answers when the pod is out of the endpoints and its last request is done, at the latest after `drainSeconds`. */
export const DRAIN_PATH = "/drain";

/** Mount path of the emptyDir shared by both containers: haproxy.cfg and slots.lua from the agent, HAProxy's socket. */
export const SHARED_DIRECTORY = "/run/aml";
export const CONFIG_FILE = "haproxy.cfg";

/** Names of the agent's environment variables. */
export const ENVIRONMENT = {
  /** Required: metadata.name of this pod (fieldRef), its name in the samples. */
  podName: "POD_NAME",
  /** `<namespace>/<name>` of the autoscaler's headless Service. Unset: the agent reports nothing. */
  autoscalerService: "AML_AUTOSCALER_SERVICE",
  /** File of the projected token with the audience SAMPLES_AUDIENCE; default DEFAULT_TOKEN_FILE. */
  tokenFile: "AML_AUTOSCALER_TOKEN_FILE",
  /** Mount path of the Secret with CERTIFICATE_FILE and PRIVATE_KEY_FILE. Unset: no TLS. */
  tlsDirectory: "AML_TLS_DIRECTORY",
  /** What plain HTTP gets while TLS is served, a value of InsecureTraffic; default Redirect. */
  insecureTraffic: "AML_INSECURE_TRAFFIC",
  /** Networks (CIDR) of proxies that are believed, with commas; default none. */
  trustedProxies: "AML_TRUSTED_PROXIES",
  /** Bytes of memory for the bodies that HAProxy holds; default: HAProxy's own. */
  bodyMemoryBytes: "AML_BODY_MEMORY_BYTES",
  /** Seconds that DRAIN_PATH waits for the last request; default DEFAULT_DRAIN_SECONDS. */
  drainSeconds: "AML_DRAIN_SECONDS",
} as const;

export const DEFAULT_TOKEN_FILE = "/var/run/secrets/aml-inference.io/autoscaler/token";

/** Time for queued requests and for PROPAGATION_SECONDS.loadBalancer. */
const DRAIN_MARGIN_SECONDS = 30;
/** The last request may take the longest scoring timeout. */
export const DEFAULT_DRAIN_SECONDS =
  VERSION_BOUNDS.scoringTimeoutMs.maximum / 1_000 + DRAIN_MARGIN_SECONDS;

/** Time for HAProxy and then the agent to exit after the drain. */
const SHUTDOWN_SECONDS = 30;
/** The pod's `terminationGracePeriodSeconds`. It includes HAProxy's preStop hook, which is the drain. */
export const TERMINATION_GRACE_SECONDS = DEFAULT_DRAIN_SECONDS + SHUTDOWN_SECONDS;

/** Keys of a Secret of type kubernetes.io/tls. */
export const CERTIFICATE_FILE = "tls.crt";
export const PRIVATE_KEY_FILE = "tls.key";

export interface AgentSettings extends ClientSettings {
  readonly podName: string;
  readonly autoscalerService?: { readonly namespace: string; readonly name: string };
  readonly tokenFile: string;
  readonly tlsDirectory?: string;
  readonly drainSeconds: number;
}

/** How HAProxy treats its clients, as in HaproxySettings. */
export interface ClientSettings {
  readonly insecureTraffic?: InsecureTraffic;
  readonly trustedProxies?: readonly string[];
  readonly bodyMemoryBytes?: number;
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
  const drain = value(ENVIRONMENT.drainSeconds) ?? String(DEFAULT_DRAIN_SECONDS);
  if (!/^\d{1,6}$/.test(drain)) {
    problems.push(`${ENVIRONMENT.drainSeconds} must be whole seconds: it is ${drain}`);
  }
  const clients = readClientSettings(value, problems);
  const tlsDirectory = value(ENVIRONMENT.tlsDirectory);
  const settings: AgentSettings = {
    podName,
    ...(namespace && name ? { autoscalerService: { namespace, name } } : {}),
    tokenFile: value(ENVIRONMENT.tokenFile) ?? DEFAULT_TOKEN_FILE,
    ...(tlsDirectory === undefined ? {} : { tlsDirectory }),
    ...clients,
    drainSeconds: Number(drain),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

function readClientSettings(
  value: (name: string) => string | undefined,
  problems: string[],
): ClientSettings {
  const way = value(ENVIRONMENT.insecureTraffic);
  const ways = Object.values(InsecureTraffic);
  const insecureTraffic = ways.find((each) => each === way);
  if (way !== undefined && insecureTraffic === undefined) {
    problems.push(`${ENVIRONMENT.insecureTraffic} must be ${ways.join(" or ")}: it is ${way}`);
  }
  const trustedProxies = value(ENVIRONMENT.trustedProxies)?.split(",");
  // They become part of HAProxy's configuration.
  const wrong = trustedProxies?.find((each) => !/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(each));
  if (wrong !== undefined) {
    problems.push(
      `${ENVIRONMENT.trustedProxies} must be ranges like 10.240.0.0/16, with commas: one is ${wrong}`,
    );
  }
  const memory = value(ENVIRONMENT.bodyMemoryBytes);
  if (memory !== undefined && !/^\d{1,15}$/.test(memory)) {
    problems.push(`${ENVIRONMENT.bodyMemoryBytes} must be bytes: it is ${memory}`);
  }
  return {
    ...(insecureTraffic === undefined ? {} : { insecureTraffic }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(memory === undefined ? {} : { bodyMemoryBytes: Number(memory) }),
  };
}

/** Rules of a ClusterRole: endpoints may be in any namespace. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ["list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
];

/** Rules of a Role in the router's namespace: none. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [];
