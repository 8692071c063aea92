// The arguments of an AmlModelEndpoint, in Azure ML v1's words (docs/arguments.md).
import type * as pulumi from "@pulumi/pulumi";
import { type PodSecurity } from "../../contracts/choices";
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
   * replica, one more that is ready, or one former replica less. 1 to 3600; default 600.
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
  /** Environment of the model server. */
  environmentVariables?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** What the model's container may do. `Baseline` is named in previews. Default `Restricted`. */
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
