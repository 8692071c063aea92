// The arguments of an AmlModelEndpoint, in Azure ML v1's words (docs/arguments.md).
/* eslint-disable @typescript-eslint/no-explicit-any -- Kubernetes' own objects, for which Pulumi's schema has no other type */
import type * as pulumi from "@pulumi/pulumi";
import { type PodSecurity, type TopologySpread } from "../../contracts/choices";
import { type RouterReference } from "../engine/router-reference";

export interface AmlModelEndpointArgs {
  /** The router that serves the endpoint: an AmlInferenceRouter, its outputs, or an Output of them. */
  router: pulumi.Input<RouterReference>;
  /**
   * One to six versions by name (3 to 32 lower-case letters, digits and dashes). The names decide what is declared: a
   * preview needs to know them.
   */
  versions: pulumi.Input<Record<string, pulumi.Input<EndpointVersionArgs>>>;
  /**
   * Namespace of the endpoint's objects; it can't be changed. Default `aml-inference-endpoints`, which is made where it is
   * missing; an endpoint that was declared while the default was `default` stays there.
   */
  namespace?: pulumi.Input<string | undefined>;
  /** True: requests need one of the two keys. Default true. */
  authEnabled?: pulumi.Input<boolean | undefined>;
  /** Keys of your own; those not given are generated. */
  keys?: pulumi.Input<EndpointKeyArgs | undefined>;
  /** Raise a number to replace that generated key. */
  keyVersions?: pulumi.Input<KeyVersionArgs | undefined>;
  /** Notes on the endpoint, kept as an annotation. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Further notes, as v1 kept them. */
  properties?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  description?: pulumi.Input<string | undefined>;
  /**
   * Seconds without progress after which a roll-out fails and the former replicas come back. Progress is one more new
   * replica, one more that is ready, or one former replica less. 1 to 14400; default 600, and 600 more than the longest
   * `startupTimeoutSeconds` where a version has one. Not below that.
   */
  rolloutTimeoutSeconds?: pulumi.Input<number | undefined>;
  /**
   * The stack that may take the endpoint's objects over, `<organization>/<project>/<stack>` or `<project>/<stack>`; they
   * then stay when this component is removed. Default: none.
   */
  handOverTo?: string;
  /** Not working yet: true is refused. */
  tokenAuthEnabled?: pulumi.Input<boolean | undefined>;
  /** Not working yet: true is refused. */
  collectModelData?: pulumi.Input<boolean | undefined>;
  /** Not working yet: true is refused. */
  enableAppInsights?: pulumi.Input<boolean | undefined>;
}

export interface EndpointVersionArgs {
  /** Image of the model server: answers on port 5001 as Azure ML's inference images do. */
  image: pulumi.Input<string>;
  /** True for the version that gets the remaining traffic. Required when there are several. */
  isDefault?: pulumi.Input<boolean | undefined>;
  /** True for the version that the others are compared with; one at most. Default false. */
  isControl?: pulumi.Input<boolean | undefined>;
  /** Percent of the requests, 0 to 100 in steps of 0.01. Default 0. */
  trafficPercentile?: pulumi.Input<number | undefined>;
  /** Limits of the autoscaler; the object is v1's flag. Default: autoscaled within v1's defaults. */
  autoscale?: pulumi.Input<AutoscaleArgs | undefined>;
  /** A fixed number of replicas, instead of `autoscale`. */
  numReplicas?: pulumi.Input<number | undefined>;
  /** CPU request of each replica, in cores. Default 0.1. */
  cpuCores?: pulumi.Input<number | undefined>;
  /** CPU limit of each replica, in cores; `cpuCores` or more. Default: no limit. */
  cpuCoresLimit?: pulumi.Input<number | undefined>;
  /** Memory request of each replica, in gigabytes. Default 0.5. */
  memoryGb?: pulumi.Input<number | undefined>;
  /** Memory limit of each replica, in gigabytes; `memoryGb` or more. Default: no limit. */
  memoryGbLimit?: pulumi.Input<number | undefined>;
  /** GPUs of each replica. Default 0. */
  gpuCores?: pulumi.Input<number | undefined>;
  /** What `gpuCores` counts: a device plugin's resource, e.g. `nvidia.com/mig-1g.5gb` or `amd.com/gpu`. Default `nvidia.com/gpu`. */
  gpuResource?: pulumi.Input<string | undefined>;
  /** Request of each replica on its node's disk, in gigabytes: logs, images' writable layers, `emptyDir`. Default: none. */
  ephemeralStorageGb?: pulumi.Input<number | undefined>;
  /** Limit of the same; `ephemeralStorageGb` or more. Default: no limit. */
  ephemeralStorageGbLimit?: pulumi.Input<number | undefined>;
  /** Milliseconds that a model may take to the first byte of its response before 504, 300,000 at most. Default 60,000. */
  scoringTimeoutMs?: pulumi.Input<number | undefined>;
  /**
   * Milliseconds without a byte in either direction after which a stream is cut: a response that has begun, or a
   * WebSocket. 1,000 to 3,600,000; default 300,000.
   */
  streamIdleTimeoutMs?: pulumi.Input<number | undefined>;
  /**
   * Seconds for which a stream continues while its replica or its router is being removed (in a roll-out, a scale-down
   * or a router's update), or after its client has left. Until then only `streamIdleTimeoutMs` ends it. A removed replica holds its resources for as
   * long. 1 to 3600; default 120.
   */
  maxStreamSeconds?: pulumi.Input<number | undefined>;
  /** Concurrent requests of one replica. Default 1. */
  maxConcurrentRequestsPerContainer?: pulumi.Input<number | undefined>;
  /** Milliseconds that a request waits for a free replica before 503. Default 500. */
  maxQueueWaitMs?: pulumi.Input<number | undefined>;
  /** When a replica counts as hung and is restarted. */
  livenessProbe?: pulumi.Input<LivenessProbeArgs | undefined>;
  /** How the kubelet asks the model server, and how long that may load; in Azure ML v2's words. */
  inferenceConfig?: pulumi.Input<InferenceConfigArgs | undefined>;
  /** Replaces the image's entry point. Secrets don't belong here: a node's process list shows it. */
  command?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Arguments of the entry point, in place of the image's; `$(NAME)` stands for a variable. As `command`, no secrets. */
  args?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Environment of the model server. */
  environmentVariables?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Variables from Secrets and ConfigMaps of the endpoint's namespace. */
  environmentFrom?: pulumi.Input<pulumi.Input<EnvironmentSourceArgs>[] | undefined>;
  /** Secrets of the endpoint's namespace with the credentials of image registries. */
  imagePullSecrets?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** A ServiceAccount of the endpoint's namespace, whose token the pods get. Default: none, and no token. */
  serviceAccountName?: pulumi.Input<string | undefined>;
  /**
   * Client id of the managed identity that the pods are, by AKS's workload identity. Without `serviceAccountName`, the
   * endpoint gets a ServiceAccount of its own name for it. Default: none.
   */
  workloadIdentityClientId?: pulumi.Input<string | undefined>;
  /** Volumes by name, and where the model's container has them. */
  volumes?: pulumi.Input<Record<string, pulumi.Input<VolumeArgs>> | undefined>;
  /** Kubernetes containers that end before the model's starts, or run beside it with `restartPolicy: "Always"`. */
  initContainers?: pulumi.Input<pulumi.Input<Record<string, any>>[] | undefined>;
  /** Labels of the pods. */
  podLabels?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Annotations of the pods. */
  podAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** What the container may do; a level of Kubernetes' Pod Security Standards. Others than the default are named in previews. Default `Restricted`. */
  podSecurity?: pulumi.Input<PodSecurity>;
  /**
   * Number of the user that the model runs as, 1 to 2147483647. Default: the image's, whose number must then stand in its
   * `USER` when `podSecurity` is `Restricted`: the kubelet can't tell from a name that it isn't root.
   */
  runAsUser?: pulumi.Input<number | undefined>;
  /** Labels of the nodes that may run the replicas. */
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Tolerations of the replicas. */
  tolerations?: pulumi.Input<pulumi.Input<TolerationArgs>[] | undefined>;
  /** Kubernetes' `affinity` of the pods. */
  affinity?: pulumi.Input<Record<string, any> | undefined>;
  /** Spreads the replicas over zones and nodes, with a difference of one at most. Default: as Kubernetes does by itself. */
  topologySpread?: pulumi.Input<TopologySpread>;
  priorityClassName?: pulumi.Input<string | undefined>;
  runtimeClassName?: pulumi.Input<string | undefined>;
  /** Kubernetes' `securityContext` of the model's container, on top of what `podSecurity` sets. */
  securityContext?: pulumi.Input<Record<string, any> | undefined>;
  /** Kubernetes' `securityContext` of the pod, e.g. `fsGroup`. */
  podSecurityContext?: pulumi.Input<Record<string, any> | undefined>;
  /** Seconds from a replica's removal until it is killed. Default, and least: what its last requests need, and 30 s. */
  terminationGracePeriodSeconds?: pulumi.Input<number | undefined>;
  /** A strategic merge patch of the pod template, for what has no argument. The model's container is `model`. */
  podTemplate?: pulumi.Input<Record<string, any> | undefined>;
  /** Notes on the version, kept as an annotation. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Further notes, as v1 kept them. */
  properties?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  description?: pulumi.Input<string | undefined>;
}

export interface AutoscaleArgs {
  /** Default 1. */
  minReplicas?: pulumi.Input<number | undefined>;
  /** Default 10. */
  maxReplicas?: pulumi.Input<number | undefined>;
  /** Percent of the replicas' request slots that should be in use, 1 to 100. Default 70. */
  targetUtilization?: pulumi.Input<number | undefined>;
  /** Seconds over which the load is averaged; the autoscaler decides ten times a second. Default 1. */
  refreshPeriodInSeconds?: pulumi.Input<number | undefined>;
}

export interface LivenessProbeArgs {
  /** Default 10. */
  periodSeconds?: pulumi.Input<number | undefined>;
  /** Seconds from the container's start to the first probe. Default 310. */
  initialDelaySeconds?: pulumi.Input<number | undefined>;
  /** Default 2. */
  timeoutSeconds?: pulumi.Input<number | undefined>;
  /** Only 1, which is the default: Kubernetes accepts no other. */
  successThreshold?: pulumi.Input<number | undefined>;
  /** Default 3. */
  failureThreshold?: pulumi.Input<number | undefined>;
}

export interface InferenceConfigArgs {
  /** Where a replica tells that it isn't hung. Default `/` at 5001. */
  livenessRoute?: pulumi.Input<RouteArgs | undefined>;
  /** Where a replica tells that its model is loaded, and later that it takes requests. Default `/` at 5001. */
  readinessRoute?: pulumi.Input<RouteArgs | undefined>;
  /**
   * Seconds from a container's start within which `readinessRoute` must answer; it is restarted otherwise. 1 to 14400.
   * Default: as long as `livenessProbe` lets a hung replica be.
   */
  startupTimeoutSeconds?: pulumi.Input<number | undefined>;
}

export interface RouteArgs {
  /** Default `/`. */
  path?: pulumi.Input<string | undefined>;
  /** Default 5001. */
  port?: pulumi.Input<number | undefined>;
}

/** Variables from one Secret or ConfigMap: all its keys, or one. */
export interface EnvironmentSourceArgs {
  /** Either this or `configMapName`. */
  secretName?: pulumi.Input<string | undefined>;
  configMapName?: pulumi.Input<string | undefined>;
  /** The one key. Default: all, each as a variable of its name. */
  key?: pulumi.Input<string | undefined>;
  /** The variable's name. Default: `key`. */
  variable?: pulumi.Input<string | undefined>;
  /** What precedes the names of all keys. Default: nothing. */
  prefix?: pulumi.Input<string | undefined>;
  /** True: replicas start though the object or the key is missing. Default false. */
  optional?: pulumi.Input<boolean | undefined>;
}

/** One of Kubernetes' own volume sources, and where it is mounted. */
export interface VolumeArgs {
  /** Where the model's container has it. Default: nowhere; init containers mount it by its name. */
  mountPath?: pulumi.Input<string | undefined>;
  /** Folder or file in the volume. Default: its root. */
  subPath?: pulumi.Input<string | undefined>;
  /** Default false. */
  readOnly?: pulumi.Input<boolean | undefined>;
  /** `{ claimName }` of a claim in the endpoint's namespace. */
  persistentVolumeClaim?: pulumi.Input<Record<string, any> | undefined>;
  /** `{ secretName }`, with `items` and `defaultMode` where they are needed. */
  secret?: pulumi.Input<Record<string, any> | undefined>;
  /** `{ name }`, as `secret`. */
  configMap?: pulumi.Input<Record<string, any> | undefined>;
  /** `{ driver, volumeAttributes }`, e.g. of Azure Blob or of the Secrets Store. */
  csi?: pulumi.Input<Record<string, any> | undefined>;
  /** `{}`, or `{ medium: "Memory", sizeLimit: "2Gi" }` for `/dev/shm`. */
  emptyDir?: pulumi.Input<Record<string, any> | undefined>;
}

export interface EndpointKeyArgs {
  /** 16 to 256 letters, digits and `-._~+/`. A secret. */
  primaryKey?: pulumi.Input<string | undefined>;
  /** As `primaryKey`, and another one. A secret. */
  secondaryKey?: pulumi.Input<string | undefined>;
}

export interface KeyVersionArgs {
  /** Default 1. */
  primaryKey?: pulumi.Input<number | undefined>;
  /** Default 1. */
  secondaryKey?: pulumi.Input<number | undefined>;
}

/** A Kubernetes toleration. */
export interface TolerationArgs {
  key?: pulumi.Input<string | undefined>;
  /** `Exists` or `Equal`. */
  operator?: pulumi.Input<string | undefined>;
  value?: pulumi.Input<string | undefined>;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  effect?: pulumi.Input<string | undefined>;
  tolerationSeconds?: pulumi.Input<number | undefined>;
}
