// The Kubernetes objects of one version: the Deployment that runs its replicas and the Service that lists them.
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes";
import {
  ENDPOINT_LABEL,
  REVISION_ANNOTATION,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../contracts/model-endpoint/model-endpoint";
import { withGpuTolerations } from "../../kubernetes/core/gpus";
import { type Toleration } from "../../kubernetes/core/tolerations";
import { MODEL_PORT, SERVICE_PATH } from "../../contracts/scoring-api";
import { type CompleteVersion } from "./complete-version";
import { notes } from "./notes";
import { modelSecurity } from "./model-security";
import {
  containerAdditions,
  environmentAdditions,
  podAdditions,
  podAnnotations,
  podLabels,
} from "./pod-additions";
import { type ModelPods, patchedPods } from "./patched-pods";
import { type ProbeTimes, probeTimes } from "./pod-times";
import { drainTimes, type RequestBounds } from "../../contracts/pods/drain-times";
import { type SecretVariables } from "./secret-variables";
import { isUnset } from "../../values/argument-table";
import { isLater, memberOf, withDefault, withoutAbsent } from "../engine/inputs";
import { ROUTE_ARGUMENTS, VERSION_ARGUMENTS } from "../../validation/endpoint/version-arguments";
import { cpuQuantity, memoryQuantity } from "../../values/quantities";

type DeploymentArgs = k8s.types.input.apps.v1.Deployment;
type ServiceArgs = k8s.types.input.core.v1.Service;

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
        metadata: { ...metadata, annotations: withRevision(metadata.annotations, revision) },
        spec,
      },
    },
  };
}

function withRevision(
  annotations: ModelPods["metadata"]["annotations"],
  revision: pulumi.Input<string>,
): pulumi.Input<Record<string, pulumi.Input<string>>> {
  if (annotations === undefined) return { [REVISION_ANNOTATION]: revision };
  return pulumi
    .all([annotations, revision])
    .apply(([own, digest]) => ({ ...own, [REVISION_ANNOTATION]: digest }));
}

/** The pods of a version; a change of anything in it replaces them. */
export function modelPods(
  endpoint: string,
  version: CompleteVersion,
  secretSource: SecretVariables["source"],
): ModelPods {
  const pods = declaredPods(endpoint, version, secretSource);
  return patchedPods(pods, version.args);
}

function declaredPods(
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
  const labels = versionLabels(endpoint, version.name);
  const [ownLabels, annotations] = [podLabels(args), podAnnotations(args)];
  return {
    metadata: {
      labels: ownLabels === undefined ? labels : ownLabels.apply((own) => ({ ...own, ...labels })),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      ...accountToken(args),
      enableServiceLinks: false,
      terminationGracePeriodSeconds: pulumi
        .all([drain.graceSeconds, withoutAbsent(args.terminationGracePeriodSeconds)])
        .apply(([needed, given]) => (given as number | undefined) ?? needed),
      securityContext: security.pod,
      ...(args.nodeSelector === undefined
        ? {}
        : { nodeSelector: withoutAbsent(args.nodeSelector) }),
      ...tolerations(version),
      ...podAdditions(args, security.level, endpoint, labels),
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
          ...containerAdditions(args),
        },
      ],
    },
  };
}

/** A token of the API server only for an account that is given, and then as that account has it. */
function accountToken({ serviceAccountName: account }: CompleteVersion["args"]) {
  if (account === undefined) return { automountServiceAccountToken: false };
  const mounted = pulumi.output(account).apply((name) => (isUnset(name) ? false : undefined));
  return { automountServiceAccountToken: mounted as pulumi.Output<boolean> };
}

/**
 * The contract's variables (azureml-semantics, section 4), then the user's, which win, secret ones by their Secret; then
 * those from objects of the user's.
 */
function environment(
  endpoint: string,
  { name: version, args }: CompleteVersion,
  secretSource: SecretVariables["source"],
): pulumi.Input<EnvVar[]> {
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
  const declared = isLater(given) ? pulumi.output(given).apply(withOwn) : withOwn(given);
  const further = environmentAdditions(args);
  if (further === undefined) return declared;
  return pulumi.all([pulumi.output(declared), further, given]).apply(([all, added, own]) => {
    // What a variable is called twice, the user's own say decides.
    const [isOwn, isAdded] = [
      namesOf(Object.keys(own ?? {})),
      namesOf(added.map(({ name }) => name)),
    ];
    return [
      ...all.filter(({ name }) => isOwn(name) || !isAdded(name)),
      ...added.filter(({ name }) => !isOwn(name)),
    ];
  });
}

type EnvVar = k8s.types.input.core.v1.EnvVar;

function namesOf(names: readonly unknown[]): (name: unknown) => boolean {
  const set = new Set(names);
  return (name) => set.has(name);
}

/** A version with GPUs can run where only such may: on AKS's GPU pools, which keep other pods away by a taint. */
function tolerations({ args, gpuCores }: CompleteVersion): {
  readonly tolerations?: pulumi.Input<Tolerations>;
} {
  // Without the argument, nothing changes in what is there already.
  if (args.gpuCores === undefined) {
    return args.tolerations === undefined ? {} : { tolerations: ownTolerations(args) };
  }
  const all = pulumi
    .all([ownTolerations(args), gpuCores, gpuResource(args)])
    .apply(([given, gpus, resource]) => {
      const own = given as Toleration[] | undefined;
      return gpus === 0 ? own : withGpuTolerations(own ?? [], resource);
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
      gpuResource(args),
      pulumi.all([args.ephemeralStorageGb, args.ephemeralStorageGbLimit]),
    ])
    .apply(([cpu, memory, cpuLimit, memoryLimit, gpu, gpuName, [storage, storageLimit]]) => {
      const limits = {
        ...(isUnset(cpuLimit) ? {} : { cpu: cpuQuantity(cpuLimit) }),
        ...(isUnset(memoryLimit) ? {} : { memory: memoryQuantity(memoryLimit) }),
        ...(isUnset(storageLimit) ? {} : { "ephemeral-storage": memoryQuantity(storageLimit) }),
        ...(gpu === 0 ? {} : { [gpuName]: String(gpu) }),
      };
      const requests = {
        cpu: cpuQuantity(cpu),
        memory: memoryQuantity(memory),
        ...(isUnset(storage) ? {} : { "ephemeral-storage": memoryQuantity(storage) }),
      };
      return Object.keys(limits).length === 0 ? { requests } : { requests, limits };
    });
}

function gpuResource({ gpuResource: given }: CompleteVersion["args"]): pulumi.Output<string> {
  return pulumi.output(withDefault<string>(given, VERSION_ARGUMENTS.gpuResource.default));
}

function probes(
  { livenessProbe, args: { inferenceConfig } }: CompleteVersion,
  bounds: pulumi.Output<RequestBounds>,
) {
  const { startup, readiness, liveness } = pulumi
    .all([
      pulumi.output(livenessProbe),
      bounds,
      withoutAbsent(memberOf(inferenceConfig, "startupTimeoutSeconds")),
    ])
    .apply(([declared, longest, startupSeconds]) => probeTimes(declared, longest, startupSeconds));
  const probe = (route: "livenessRoute" | "readinessRoute", times: pulumi.Output<ProbeTimes>) => {
    const given = memberOf(inferenceConfig, route);
    const path = withDefault(memberOf(given, "path"), ROUTE_ARGUMENTS.path.default);
    const port = withDefault(memberOf(given, "port"), ROUTE_ARGUMENTS.port.default);
    return pulumi.all([path, port, times]).apply(([at, number, known]) => ({
      httpGet: { path: at, port: number },
      ...known,
    }));
  };
  return {
    // A model that is loaded is ready; until then its liveness isn't asked.
    startupProbe: probe("readinessRoute", startup),
    readinessProbe: probe("readinessRoute", readiness),
    livenessProbe: probe("livenessRoute", liveness),
  };
}
