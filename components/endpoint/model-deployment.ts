// The Kubernetes objects of one version: the Deployment that runs its replicas and the Service that lists them.
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes";
import {
  ENDPOINT_LABEL,
  REVISION_ANNOTATION,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../contracts/model-endpoint/model-endpoint";
import { GPU_RESOURCE, withGpuTolerations } from "../../kubernetes/core/gpus";
import { type Toleration } from "../../kubernetes/core/tolerations";
import { MODEL_PORT, SERVICE_PATH } from "../../contracts/scoring-api";
import { type CompleteVersion } from "./complete-version";
import { notes } from "./notes";
import { modelSecurity } from "./model-security";
import { drainTimes, type ProbeTimes, probeTimes, type RequestBounds } from "./pod-times";
import { type SecretVariables } from "./secret-variables";
import { isUnset } from "../../values/argument-table";
import { isLater, withoutAbsent } from "../engine/inputs";
import { cpuQuantity, memoryQuantity } from "../../values/quantities";

type DeploymentArgs = k8s.types.input.apps.v1.Deployment;
type ServiceArgs = k8s.types.input.core.v1.Service;

/** The pod template of a version, but for the annotation with its digest. */
interface ModelPods {
  readonly metadata: { readonly labels: Record<string, string> };
  readonly spec: k8s.types.input.core.v1.PodSpec;
}

/** Labels that select a version's replicas; they depend on nothing that a user can change. */
export function versionLabels(endpoint: string, version: string): Record<string, string> {
  return { [ENDPOINT_LABEL]: endpoint, [VERSION_LABEL]: version };
}

/** What all objects of a version have in common. */
export interface VersionLocator {
  /** Name of the endpoint. */
  readonly endpoint: string;
  /** Name of the version's objects. */
  readonly objectName: string;
  readonly namespace: pulumi.Input<string>;
  readonly rolloutTimeoutSeconds: pulumi.Input<number>;
}

export function modelService(locator: VersionLocator, version: CompleteVersion): ServiceArgs {
  const labels = versionLabels(locator.endpoint, version.name);
  return {
    metadata: {
      name: locator.objectName,
      namespace: locator.namespace,
      labels,
      // The routers read the EndpointSlices; nothing waits for a Service without ready replicas.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      // Given, though it is the default: an edited type is corrected.
      type: "ClusterIP",
      clusterIP: "None",
      selector: labels,
      ports: [{ name: "http", port: MODEL_PORT, targetPort: MODEL_PORT, protocol: "TCP" }],
    },
  };
}

/** @param revision digest of the pods; with it, ReplicaSets and pods tell which declaration they come from */
export function modelDeployment(
  locator: VersionLocator,
  version: CompleteVersion,
  { metadata, spec }: ModelPods,
  revision: pulumi.Input<string>,
): DeploymentArgs {
  const labels = versionLabels(locator.endpoint, version.name);
  const { scale } = version;
  return {
    metadata: {
      name: locator.objectName,
      namespace: locator.namespace,
      labels,
      annotations: {
        // EndpointRoute waits for the replicas and explains what they lack.
        "pulumi.com/skipAwait": "true",
        // The Deployment is deleted at once, while its replicas still drain: the version can be declared again meanwhile.
        "pulumi.com/deletionPropagationPolicy": "background",
        [SCALE_MODE_ANNOTATION]: scale.mode,
        [REVISION_ANNOTATION]: revision,
        ...notes(version.args),
      },
    },
    spec: {
      replicas: scale.mode === "fixed" ? scale.numReplicas : scale.autoscale.minReplicas,
      selector: { matchLabels: labels },
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: locator.rolloutTimeoutSeconds,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      template: {
        metadata: { ...metadata, annotations: { [REVISION_ANNOTATION]: revision } },
        spec,
      },
    },
  };
}

/** The pods of a version; a change of anything in it replaces them. */
export function modelPods(
  endpoint: string,
  version: CompleteVersion,
  secretSource: SecretVariables["source"],
): ModelPods {
  const { args } = version;
  const bounds = pulumi.output({
    scoringTimeoutMs: version.scoringTimeoutMs,
    maxStreamSeconds: version.maxStreamSeconds,
  });
  const drain = bounds.apply(drainTimes);
  const security = modelSecurity(args);
  return {
    metadata: { labels: versionLabels(endpoint, version.name) },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: drain.graceSeconds,
      securityContext: security.pod,
      ...(args.nodeSelector === undefined
        ? {}
        : { nodeSelector: withoutAbsent(args.nodeSelector) }),
      ...tolerations(version),
      containers: [
        {
          name: "model",
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ports: [{ name: "http", containerPort: MODEL_PORT, protocol: "TCP" }],
          env: environment(endpoint, version, secretSource),
          resources: resources(version),
          securityContext: security.container,
          ...probes(version, bounds),
          // Routers stop sending at once; what the replica still computes may end (docs/decisions/early-removal.md).
          lifecycle: { preStop: { sleep: { seconds: drain.preStopSeconds } } },
        },
      ],
    },
  };
}

/** The contract's variables (azureml-semantics, section 4), then the user's, which win; secret ones by their Secret. */
function environment(
  endpoint: string,
  { name: version, args }: CompleteVersion,
  secretSource: SecretVariables["source"],
): pulumi.Input<k8s.types.input.core.v1.EnvVar[]> {
  const withOwn = (own: Record<string, pulumi.Input<string>> | undefined) =>
    Object.entries({
      SERVICE_NAME: endpoint,
      SERVICE_PATH_PREFIX: `${SERVICE_PATH.slice(1)}${endpoint}`,
      SERVICE_VERSION: version,
      ...own,
    }).map(([name, value]) => {
      const valueFrom = own !== undefined && name in own ? secretSource(name) : undefined;
      return valueFrom === undefined ? { name, value } : { name, valueFrom };
    });
  const given = withoutAbsent(args.environmentVariables);
  return isLater(given) ? pulumi.output(given).apply(withOwn) : withOwn(given);
}

/** A version with GPUs can run where only such may: on AKS's GPU pools, which keep other pods away by a taint. */
function tolerations({ args, gpuCores }: CompleteVersion): {
  readonly tolerations?: pulumi.Input<Tolerations>;
} {
  // Without the argument, nothing changes in what is there already.
  if (args.gpuCores === undefined) {
    return args.tolerations === undefined ? {} : { tolerations: ownTolerations(args) };
  }
  const all = pulumi.all([ownTolerations(args), gpuCores]).apply(([given, gpus]) => {
    const own = given as Toleration[] | undefined;
    return gpus === 0 ? own : withGpuTolerations(own ?? []);
  });
  // Undefined is left out of the object; the types of the SDK don't say so.
  return { tolerations: all as pulumi.Output<Tolerations> };
}

type Tolerations = k8s.types.input.core.v1.Toleration[];

function ownTolerations({
  tolerations: given,
}: CompleteVersion["args"]): pulumi.Input<Tolerations> {
  return withoutAbsent(given) as pulumi.Input<Tolerations>;
}

function resources({ args, ...version }: CompleteVersion) {
  return pulumi
    .all([
      version.cpuCores,
      version.memoryGb,
      args.cpuCoresLimit,
      args.memoryGbLimit,
      version.gpuCores,
    ])
    .apply(([cpu, memory, cpuLimit, memoryLimit, gpu]) => {
      const limits = {
        ...(isUnset(cpuLimit) ? {} : { cpu: cpuQuantity(cpuLimit) }),
        ...(isUnset(memoryLimit) ? {} : { memory: memoryQuantity(memoryLimit) }),
        ...(gpu === 0 ? {} : { [GPU_RESOURCE]: String(gpu) }),
      };
      const requests = { cpu: cpuQuantity(cpu), memory: memoryQuantity(memory) };
      return Object.keys(limits).length === 0 ? { requests } : { requests, limits };
    });
}

function probes({ livenessProbe }: CompleteVersion, bounds: pulumi.Output<RequestBounds>) {
  const httpGet = { path: "/", port: MODEL_PORT };
  const { startup, readiness, liveness } = pulumi
    .all([pulumi.output(livenessProbe), bounds])
    .apply(([declared, longest]) => probeTimes(declared, longest));
  const probe = (times: pulumi.Output<ProbeTimes>) =>
    times.apply((known) => ({ httpGet, ...known }));
  return {
    startupProbe: probe(startup),
    readinessProbe: probe(readiness),
    livenessProbe: probe(liveness),
  };
}
