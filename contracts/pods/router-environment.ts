// The router pod's ports, paths, environment variables and RBAC rules.
import { InsecureTraffic } from "../choices";
import { longestRequestSeconds, VERSION_BOUNDS } from "../model-endpoint/limits";
import type { AdmissionSettings } from "../model-endpoint/admission";
import { NAMES_CONFIG_MAP } from "../model-endpoint/name-claims";
import { GROUP, PLURAL } from "../model-endpoint/model-endpoint";
import { readAdmission } from "./admission-environment";
import { INTERNAL_TLS_DIRECTORY } from "./internal-tls";
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

/** Names of the agent's environment variables, besides ADMISSION_ENVIRONMENT. */
export const ENVIRONMENT = {
  /** Required: metadata.name of this pod (fieldRef), its name in the samples. */
  podName: "POD_NAME",
  /** `<namespace>/<name>` of the autoscaler's headless Service. Unset: the agent reports nothing. */
  autoscalerService: "AML_AUTOSCALER_SERVICE",
  /** File of the projected token with the audience SAMPLES_AUDIENCE; default DEFAULT_TOKEN_FILE. */
  tokenFile: "AML_AUTOSCALER_TOKEN_FILE",
  /** Folder of the certificate that autoscalers ask for; default INTERNAL_TLS_DIRECTORY. */
  internalTlsDirectory: "AML_INTERNAL_TLS_DIRECTORY",
  /** Default SHARED_DIRECTORY. */
  directory: "AML_SHARED_DIRECTORY",
  /** Mount path of the Secret with CERTIFICATE_FILE and PRIVATE_KEY_FILE. Unset: no TLS. */
  tlsDirectory: "AML_TLS_DIRECTORY",
  /** What plain HTTP gets while TLS is served, a value of InsecureTraffic; default Redirect. */
  insecureTraffic: "AML_INSECURE_TRAFFIC",
  /** Networks (CIDR) of proxies that are believed, with commas; default none. */
  trustedProxies: "AML_TRUSTED_PROXIES",
  /** Bytes of memory for the bodies that HAProxy holds; default: HAProxy's own. */
  bodyMemoryBytes: "AML_BODY_MEMORY_BYTES",
} as const;

export const DEFAULT_TOKEN_FILE = "/var/run/secrets/aml-inference.io/autoscaler/token";

/** Seconds that a request may wait in a queue for a drain to wait as long: `maxQueueWaitMs` may be longer. */
export const LONGEST_QUEUE_SECONDS = 300;
/** Seconds that an upload takes at most, with its wait for memory: it comes before the queue. */
export const LONGEST_UPLOAD_SECONDS = 250;
export const DRAIN_MARGIN_SECONDS = LONGEST_UPLOAD_SECONDS + PROPAGATION_SECONDS.loadBalancer;
/** Seconds that a drain takes at most, whatever is served. */
export const LONGEST_DRAIN_SECONDS =
  DRAIN_MARGIN_SECONDS +
  LONGEST_QUEUE_SECONDS +
  longestRequestSeconds({
    scoringTimeoutMs: VERSION_BOUNDS.scoringTimeoutMs.maximum,
    maxStreamSeconds: VERSION_BOUNDS.maxStreamSeconds.maximum,
  });

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
/** Certificates of the authorities that the pod believes. */
export const CA_FILE = "ca.crt";

export interface AgentSettings extends ClientSettings {
  /** Which endpoints are served. */
  readonly admission: AdmissionSettings;
  readonly podName: string;
  readonly autoscalerService?: { readonly namespace: string; readonly name: string };
  readonly tokenFile: string;
  readonly internalTlsDirectory: string;
  readonly directory: string;
  readonly tlsDirectory?: string;
}

/** Part of the memory of HAProxy's container for bodies that it holds (ENVIRONMENT.bodyMemoryBytes). */
export const BODY_MEMORY_SHARE = 0.3;

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
  const clients = readClientSettings(value, problems);
  const tlsDirectory = value(ENVIRONMENT.tlsDirectory);
  const settings: AgentSettings = {
    podName,
    admission: readAdmission(environment, problems),
    ...(namespace && name ? { autoscalerService: { namespace, name } } : {}),
    tokenFile: value(ENVIRONMENT.tokenFile) ?? DEFAULT_TOKEN_FILE,
    internalTlsDirectory: value(ENVIRONMENT.internalTlsDirectory) ?? INTERNAL_TLS_DIRECTORY,
    directory: sharedDirectory(environment),
    ...(tlsDirectory === undefined ? {} : { tlsDirectory }),
    ...clients,
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

/** Where the agent and its supervisor find the folder that they share with HAProxy. */
export function sharedDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return environment[ENVIRONMENT.directory] || SHARED_DIRECTORY;
}

/** Rules for the whole cluster: endpoints may be in any namespace, and those that aren't served are told why. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [GROUP], resources: [PLURAL], verbs: ["list", "watch"] },
];

/** Rules for the namespaces of endpoints that may be served. */
export const ENDPOINT_RULES: readonly PolicyRule[] = [
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  // An address counts only as that of a pod which the version's Deployment runs.
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["list", "watch"] },
];

/** Rules of a Role in the router's namespace. */
export const NAMESPACE_RULES: readonly PolicyRule[] = [
  // The autoscaler's pods, to which it reports.
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: [NAMES_CONFIG_MAP],
    verbs: ["list", "watch"],
  },
];
