// The Kubernetes objects of the router: its code, and a Deployment of exactly one pod with HAProxy and the agent.
import {
  AGENT_START_SECONDS,
  BODY_MEMORY_SHARE,
  CONFIG_FILE,
  DEFAULT_TOKEN_FILE,
  DRAIN_FILES,
  ENVIRONMENT,
  HEALTH_PORT,
  HTTP_PORT,
  HTTPS_PORT,
  LIVENESS_PATH,
  LONGEST_DRAIN_SECONDS,
  READINESS_PATH,
  SHARED_DIRECTORY,
  STUCK_GRACE_SECONDS,
  TERMINATION_GRACE_SECONDS,
} from "../../../contracts/pods/router-environment";
import {
  type AdmissionArguments,
  admissionVariables,
} from "../../../contracts/pods/admission-environment";
import { ACCOUNT_DIRECTORY } from "../../../contracts/pods/pod-defaults";
import { type InsecureTraffic } from "../../../contracts/choices";
import { MAX_BODY_BYTES } from "../../../contracts/scoring-api";
import { quantityBytes } from "../../../values/quantities";
import { SAMPLES_AUDIENCE } from "../../../contracts/metrics-channel/router-sample";
import { fieldVariable } from "../../../kubernetes/core/field-variable";
import {
  type Bundle,
  BUNDLE_PATH,
  BUNDLE_VOLUME,
  bundleCommand,
  bundleConfigMap,
} from "../../release/core/bundle-config-map";
import {
  CONTAINER_SECURITY,
  type ContainerResources,
  POD_SECURITY,
} from "../../../kubernetes/core/container-security";
import { INTERNAL_TLS_MOUNT, internalTlsVolume } from "../../release/core/internal-tls-volume";
import { podSelector, type Release, releaseLabels } from "../../release/core/release";

/** Settings of a router, with the defaults that `check` fills in. */
export interface RouterSpec extends AdmissionArguments {
  readonly namespace: string;
  /** Name of the Deployment. */
  readonly name: string;
  /** Image with Node 24 for the agent. */
  readonly agentImage: string;
  readonly haproxyImage: string;
  readonly serviceAccountName: string;
  /**
   * The autoscaler's headless Service in the same namespace; without it the router doesn't report. It reports with the
   * certificate in the Secret `<name>-internal-tls`.
   */
  readonly autoscalerServiceName?: string;
  /** Secret of type kubernetes.io/tls in the same namespace; without it the router serves plain HTTP. */
  readonly tlsSecretName?: string;
  /** What plain HTTP gets while TLS is served. */
  readonly insecureTraffic?: InsecureTraffic;
  /** Networks (CIDR) of proxies that are believed. */
  readonly trustedProxies?: readonly string[];
  readonly agentResources: ContainerResources;
  readonly haproxyResources: ContainerResources;
}

const SHARED_VOLUME = "shared";
const TOKEN_VOLUME = "autoscaler-token";
const ACCOUNT_VOLUME = "service-account";
const TLS_VOLUME = "tls";
const TLS_DIRECTORY = "/etc/aml-inference/tls";

const TOKEN_SECONDS = 3600;

export function routerRelease(spec: RouterSpec, bundle: Bundle): Release {
  const { name, namespace } = spec;
  const configMap = bundleConfigMap(name, namespace, bundle);
  return {
    name,
    namespace,
    bundle: configMap,
    deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, labels: releaseLabels(name) },
      spec: {
        // Two routers at once, even briefly, would double every concurrency limit.
        replicas: 1,
        strategy: { type: "Recreate" },
        revisionHistoryLimit: 2,
        selector: { matchLabels: podSelector(name) },
        template: {
          metadata: { labels: releaseLabels(name) },
          spec: podSpec(spec, configMap.metadata.name, bundleCommand(bundle)),
        },
      },
    },
  };
}

function podSpec(spec: RouterSpec, bundle: string, command: readonly string[]) {
  return {
    serviceAccountName: spec.serviceAccountName,
    // Only the agent has it: HAProxy talks to everybody, and to no API server.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: POD_SECURITY,
    terminationGracePeriodSeconds: TERMINATION_GRACE_SECONDS,
    volumes: [
      { name: SHARED_VOLUME, emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
      { name: BUNDLE_VOLUME, configMap: { name: bundle } },
      { name: TOKEN_VOLUME, projected: { sources: [{ serviceAccountToken: tokenSource() }] } },
      { name: ACCOUNT_VOLUME, projected: { sources: ACCOUNT_SOURCES } },
      ...(spec.tlsSecretName === undefined
        ? []
        : [{ name: TLS_VOLUME, secret: { secretName: spec.tlsSecretName } }]),
      ...(spec.autoscalerServiceName === undefined ? [] : [internalTlsVolume(spec.name)]),
    ],
    initContainers: [agentContainer(spec, command)],
    containers: [haproxyContainer(spec)],
  };
}

/** What Kubernetes mounts into every container unless it is told not to (kubernetes.io, "Configure Service Accounts"). */
const ACCOUNT_SOURCES = [
  { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
];

function tokenSource() {
  const path = DEFAULT_TOKEN_FILE.slice(DEFAULT_TOKEN_FILE.lastIndexOf("/") + 1);
  return { audience: SAMPLES_AUDIENCE, expirationSeconds: TOKEN_SECONDS, path };
}

/** A native sidecar: it starts before HAProxy, which needs its files, and stops after HAProxy, whose drain it handles. */
function agentContainer(spec: RouterSpec, command: readonly string[]) {
  const tls = spec.tlsSecretName !== undefined;
  const service = spec.autoscalerServiceName;
  return {
    name: "agent",
    image: spec.agentImage,
    imagePullPolicy: "IfNotPresent",
    restartPolicy: "Always",
    command,
    env: [
      fieldVariable(ENVIRONMENT.podName, "metadata.name"),
      ...(service === undefined
        ? []
        : [{ name: ENVIRONMENT.autoscalerService, value: `${spec.namespace}/${service}` }]),
      ...(tls ? [{ name: ENVIRONMENT.tlsDirectory, value: TLS_DIRECTORY }] : []),
      ...variable(ENVIRONMENT.insecureTraffic, tls ? spec.insecureTraffic : undefined),
      ...variable(ENVIRONMENT.trustedProxies, spec.trustedProxies?.join(",")),
      ...admissionVariables(spec),
      ...variable(ENVIRONMENT.bodyMemoryBytes, bodyMemoryBytes(spec.haproxyResources)),
    ],
    resources: spec.agentResources,
    securityContext: CONTAINER_SECURITY,
    // A first process that starts would miss a SIGTERM, and the pod would stay for its whole grace period.
    lifecycle: { preStop: { sleep: { seconds: AGENT_START_SECONDS } } },
    // HAProxy starts when its files are there. No other probe: what the agent does or doesn't is no reason to take the pod
    // out of service, and its supervisor looks after it (docs/decisions/agent-supervisor.md).
    startupProbe: {
      exec: { command: ["node", "-e", `fs.accessSync("${SHARED_DIRECTORY}/${CONFIG_FILE}")`] },
      ...{ periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 60 },
    },
    volumeMounts: [
      { name: SHARED_VOLUME, mountPath: SHARED_DIRECTORY },
      { name: BUNDLE_VOLUME, mountPath: BUNDLE_PATH, readOnly: true },
      { name: TOKEN_VOLUME, mountPath: directoryOf(DEFAULT_TOKEN_FILE), readOnly: true },
      { name: ACCOUNT_VOLUME, mountPath: ACCOUNT_DIRECTORY, readOnly: true },
      ...(tls ? [{ name: TLS_VOLUME, mountPath: TLS_DIRECTORY, readOnly: true }] : []),
      // HAProxy, which talks to everybody, doesn't have it.
      ...(service === undefined ? [] : [INTERNAL_TLS_MOUNT]),
    ],
  };
}

/** None for an empty value. */
function variable(name: string, value: string | undefined): { name: string; value: string }[] {
  return value === undefined || value === "" ? [] : [{ name, value }];
}

/** One body fits always. Undefined without a limit. */
function bodyMemoryBytes({ limits }: ContainerResources): string | undefined {
  const limit = quantityBytes(limits?.["memory"] ?? "");
  if (limit === undefined) return undefined;
  return String(Math.max(MAX_BODY_BYTES, Math.floor(limit * BODY_MEMORY_SHARE)));
}

const { requested, answered, bound } = DRAIN_FILES;

/**
 * A HAProxy that starts ends the drain that another one was asked for. Master-worker mode: the master handles SIGTERM,
 * which has no effect on a lone worker as process 1.
 */
const START = `cd ${SHARED_DIRECTORY} && rm -f ${requested} ${answered} && exec haproxy -W -db -f ${SHARED_DIRECTORY}/${CONFIG_FILE}`;

/** Seconds after which the hook goes on without an answer, beyond the drain's bound. */
const ANSWER_SECONDS = 10;

/** Asks the supervisor for a drain and waits for its answer; without one, as for a dead agent, up to the same bound. */
const PRE_STOP = `cd ${SHARED_DIRECTORY} && rm -f ${answered} && : > ${requested} || exit 1
left=$(cat ${bound} 2>/dev/null || echo ${LONGEST_DRAIN_SECONDS})
left=$((left + ${ANSWER_SECONDS}))
while [ ! -e ${answered} ] && [ $left -gt 0 ]; do sleep 1; left=$((left - 1)); done`;

function haproxyContainer(spec: RouterSpec) {
  return {
    name: "haproxy",
    image: spec.haproxyImage,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", START],
    ports: [
      { name: "http", containerPort: HTTP_PORT, protocol: "TCP" },
      { name: "https", containerPort: HTTPS_PORT, protocol: "TCP" },
      { name: "health", containerPort: HEALTH_PORT, protocol: "TCP" },
    ],
    resources: spec.haproxyResources,
    securityContext: CONTAINER_SECURITY,
    // Delays SIGTERM until the pod is out of the endpoints and its last request is answered.
    lifecycle: { preStop: { exec: { command: ["sh", "-c", PRE_STOP] } } },
    readinessProbe: { ...probe(READINESS_PATH, HEALTH_PORT), periodSeconds: 1 },
    livenessProbe: {
      ...probe(LIVENESS_PATH, HEALTH_PORT),
      ...{
        periodSeconds: 10,
        timeoutSeconds: 5,
        terminationGracePeriodSeconds: STUCK_GRACE_SECONDS,
      },
    },
    volumeMounts: [
      { name: SHARED_VOLUME, mountPath: SHARED_DIRECTORY },
      ...(spec.tlsSecretName === undefined
        ? []
        : [{ name: TLS_VOLUME, mountPath: TLS_DIRECTORY, readOnly: true }]),
    ],
  };
}

function probe(path: string, port: number) {
  return { httpGet: { path, port } };
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}
