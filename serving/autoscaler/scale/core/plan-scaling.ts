// One tick for all versions: records a load reading, decides the replica count and explains it.

import { NAMESPACE_UNREADABLE } from "../../../../contracts/metrics-channel/router-sample";
import { AUTOSCALE_BOUNDS } from "../../../../contracts/model-endpoint/limits";
import {
  type Autoscale,
  ENDPOINT_LABEL,
  type EndpointVersion,
  type ModelEndpoint,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { type CountedRouters, sumLoad } from "../../load/core/aggregate-samples";
import type { ListedDeployment } from "../../../../kubernetes/core/workload";
import { decideScale, type ScaleDecision } from "./decide-scale";
import { explainReplicas } from "./explain-replicas";
import { type LoadHistory, recordReading } from "../../load/core/load-history";
import { endpointId } from "../../../../contracts/model-endpoint/elder-first";
import { versionKey } from "./version-key";
import type { Explanation } from "./explanation";

/** State of a version from one tick to the next. */
export interface VersionRecord {
  readonly history?: LoadHistory;
  /** Why the version has its current replica count. */
  readonly explanation: Explanation;
  /** Only for versions that the autoscaler scales. */
  readonly plan?: ScalePlan;
}

export interface ScalePlan {
  readonly endpoint: ModelEndpoint;
  readonly version: string;
  readonly deployment: ListedDeployment;
  readonly desiredReplicas: number;
  readonly decision: ScaleDecision;
}

/** The plan that changes the number of replicas; undefined when there is nothing to scale. */
export function pendingScale(record: VersionRecord | undefined): ScalePlan | undefined {
  const plan = record?.plan;
  return plan !== undefined && plan.decision.replicas !== plan.desiredReplicas ? plan : undefined;
}

export interface ScalingInput {
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
  /** Keyed `<namespace>/<name>`. */
  readonly deployments: ReadonlyMap<string, ListedDeployment>;
  /** Why a namespace's Deployments can't be listed. Default: they are. */
  readonly troubleIn?: (namespace: string) => string | undefined;
  readonly routers: CountedRouters;
  readonly holdMs: number;
}

/** The records after a tick at `nowMs` (monotonic), by versionKey(). Records of removed versions are dropped. */
export function planScaling(
  input: ScalingInput,
  records: ReadonlyMap<string, VersionRecord>,
  nowMs: number,
): ReadonlyMap<string, VersionRecord> {
  const next = new Map<string, VersionRecord>();
  for (const endpoint of input.endpoints.values()) {
    const { namespace, name } = endpoint.metadata;
    for (const version of endpoint.spec.versions) {
      const key = versionKey(namespace, name, version.name);
      next.set(key, planVersion(input, endpoint, version, records.get(key), nowMs));
    }
  }
  return next;
}

/** Reason of a version whose Deployment isn't its own. */
export const DEPLOYMENT_NOT_OWN = "DeploymentNotOwn";

/** Whether the Deployment runs this version, and no other: it has the labels of one. */
export function ownsDeployment(
  endpoint: ModelEndpoint,
  version: Pick<EndpointVersion, "name">,
  { metadata: { labels = {} } }: ListedDeployment,
): boolean {
  return (
    labels[ENDPOINT_LABEL] === endpoint.metadata.name && labels[VERSION_LABEL] === version.name
  );
}

/** The schema in the cluster may be an older one, without maxima. */
function withinBounds(autoscale: Autoscale): Autoscale {
  const { minReplicas, maxReplicas, refreshPeriodInSeconds } = AUTOSCALE_BOUNDS;
  return {
    ...autoscale,
    minReplicas: Math.min(autoscale.minReplicas, minReplicas.maximum),
    maxReplicas: Math.min(autoscale.maxReplicas, maxReplicas.maximum),
    refreshPeriodInSeconds: Math.min(
      autoscale.refreshPeriodInSeconds,
      refreshPeriodInSeconds.maximum,
    ),
  };
}

/** What waits at a router that can't see the replicas needs none: it would use no new one. */
function unreadableForRouter(routers: CountedRouters, id: string): string | undefined {
  const views = routers.ok ? routers.views : [];
  const found = views
    .map(({ router, endpoints }) => ({ router, problem: endpoints.get(id)?.problem }))
    .find(({ problem }) => problem?.reason === NAMESPACE_UNREADABLE);
  return found && `The number of replicas is held: ${found.router}: ${found.problem?.message}.`;
}

function planVersion(
  { deployments, troubleIn, routers, holdMs }: ScalingInput,
  endpoint: ModelEndpoint,
  version: EndpointVersion,
  record: VersionRecord | undefined,
  nowMs: number,
): VersionRecord {
  const { deploymentName, maxConcurrentRequestsPerContainer } = version;
  const autoscale = version.autoscale && withinBounds(version.autoscale);
  if (autoscale === undefined) {
    return {
      explanation: {
        reason: "FixedReplicas",
        message: `numReplicas is ${version.numReplicas ?? "not given"}.`,
      },
    };
  }
  const history = routers.ok
    ? recordReading(
        record?.history,
        sumLoad(routers.views, endpointId(endpoint), version.name, nowMs),
        { refreshMs: autoscale.refreshPeriodInSeconds * 1000, holdMs },
      )
    : record?.history;
  const kept = history === undefined ? {} : { history };
  const deployment = deployments.get(`${endpoint.metadata.namespace}/${deploymentName}`);
  const trouble = troubleIn?.(endpoint.metadata.namespace);
  const unreadable =
    trouble === undefined
      ? unreadableForRouter(routers, endpointId(endpoint))
      : `The namespace's Deployments can't be read: ${trouble}.`;
  if (unreadable !== undefined) {
    return { ...kept, explanation: { reason: NAMESPACE_UNREADABLE, message: unreadable } };
  }
  if (deployment === undefined) {
    const message = `Deployment ${deploymentName} does not exist (yet).`;
    return { ...kept, explanation: { reason: "DeploymentMissing", message } };
  }
  if (!ownsDeployment(endpoint, version, deployment)) {
    const { labels = {} } = deployment.metadata;
    const message = `Deployment ${deploymentName} must have the labels ${ENDPOINT_LABEL} ${endpoint.metadata.name} and ${VERSION_LABEL} ${version.name} for the autoscaler to scale it: they are ${labels[ENDPOINT_LABEL] ?? "missing"} and ${labels[VERSION_LABEL] ?? "missing"}.`;
    return { ...kept, explanation: { reason: DEPLOYMENT_NOT_OWN, message } };
  }
  const mode = deployment.metadata.annotations?.[SCALE_MODE_ANNOTATION];
  if (mode !== "auto") {
    const message = `${SCALE_MODE_ANNOTATION} on Deployment ${deploymentName} must be auto for the autoscaler to scale it: it is ${mode ?? "missing"}.`;
    return { ...kept, explanation: { reason: "ScaleModeNotAuto", message } };
  }
  const desiredReplicas = deployment.spec?.replicas ?? 1;
  const decision = decideScale(
    {
      desiredReplicas,
      readyReplicas: deployment.status?.readyReplicas ?? 0,
      ...kept,
      ...(routers.ok ? {} : { unknownLoad: routers }),
    },
    { ...autoscale, maxConcurrentRequestsPerContainer, holdMs },
    nowMs,
  );
  // A change that was planned and never made explains nothing.
  const isAbandoned = pendingScale(record)?.desiredReplicas === desiredReplicas;
  const previous = isAbandoned ? undefined : record?.explanation;
  return {
    ...kept,
    explanation: explainReplicas(previous, decision, desiredReplicas),
    plan: { endpoint, version: version.name, deployment, desiredReplicas, decision },
  };
}
