// Builds a ModelEndpoint's status from the routers' reports and the cluster's objects.

import type { Refusal } from "../../../../contracts/model-endpoint/admission";
import type {
  Condition,
  ModelEndpoint,
  ModelEndpointStatus,
  VersionStatus,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { MAX_MESSAGE_LENGTH } from "../../../../contracts/model-endpoint/status-schema";
import {
  type ListedDeployment,
  type ListedPod,
  isReadyPod,
} from "../../../../kubernetes/core/workload";
import type { RouterView } from "../../load/core/router-view";
import { DEPLOYMENT_NOT_OWN } from "../../scale/core/plan-scaling";
import { endpointId } from "../../../../contracts/model-endpoint/elder-first";
import type { Explanation } from "../../scale/core/explanation";
import { observeState } from "./version-state";

export interface VersionObservation {
  readonly deployment?: ListedDeployment;
  readonly pods: readonly ListedPod[];
  /** Why the version has its current replica count. */
  readonly scale: Explanation;
}

export interface EndpointObservation {
  /** Last report of each router. A router without a report counts as serving nothing. */
  readonly views: ReadonlyMap<string, RouterView>;
  readonly readyRouters: ReadonlySet<string>;
  /** Namespaces of the cluster's routers; the first one's autoscaler looks after endpoints that name none. */
  readonly routerNamespaces: readonly string[];
  /** Why no router serves the endpoint. */
  readonly refusal?: Refusal;
  /** By version name. */
  readonly versions: ReadonlyMap<string, VersionObservation>;
}

/** Reasons why the version's Deployment isn't looked at: they explain more than what is seen of it. */
const NOT_SCALED: ReadonlySet<string> = new Set<string>([
  DEPLOYMENT_NOT_OWN,
  ...(["NamespaceNotAllowed", "NameTaken", "QuotaExceeded"] satisfies Refusal["reason"][]),
]);

type ConditionState = Pick<Condition, "status" | "reason" | "message">;

/**
 * Equal observations give equal statuses, whatever the time.
 * @param nowIso lastTransitionTime of the conditions that change
 */
export function buildStatus(
  endpoint: ModelEndpoint,
  observation: EndpointObservation,
  nowIso: string,
): ModelEndpointStatus {
  const generation = endpoint.metadata.generation ?? 0;
  const appliedGeneration = minimumApplied(endpoint, observation);
  const versions = endpoint.spec.versions.map(({ name }) =>
    versionStatus(name, observation.versions.get(name)),
  );
  const accepted = assessAccepted(endpoint, observation, appliedGeneration);
  const ready = assessReady(endpoint, observation, accepted, versions);
  const condition = (type: Condition["type"], state: ConditionState): Condition => {
    const previous = endpoint.status?.conditions?.find((other) => other.type === type);
    return {
      type,
      ...state,
      message: truncate(state.message),
      observedGeneration: generation,
      lastTransitionTime: previous?.status === state.status ? previous.lastTransitionTime : nowIso,
    };
  };
  return {
    ...(appliedGeneration === undefined ? {} : { appliedGeneration }),
    readyReplicas: versions.reduce((sum, { readyReplicas }) => sum + readyReplicas, 0),
    conditions: [condition("Accepted", accepted), condition("Ready", ready)],
    versions,
  };
}

/** Whether the status says so of this generation: then it needs no other one. */
export function saysRefused({ metadata, status }: ModelEndpoint, refusal: Refusal): boolean {
  const accepted = status?.conditions?.find(({ type }) => type === "Accepted");
  return (
    accepted?.reason === refusal.reason &&
    accepted.message === truncate(`${refusal.message}.`) &&
    accepted.observedGeneration === metadata.generation
  );
}

/** The generation that every ready router serves; undefined when no router is ready. */
function minimumApplied(
  endpoint: ModelEndpoint,
  { views, readyRouters }: EndpointObservation,
): number | undefined {
  if (readyRouters.size === 0) return undefined;
  return Math.min(
    ...[...readyRouters].map(
      (router) => views.get(router)?.endpoints.get(endpointId(endpoint))?.appliedGeneration ?? 0,
    ),
  );
}

function assessAccepted(
  endpoint: ModelEndpoint,
  { views, readyRouters, routerNamespaces, refusal }: EndpointObservation,
  appliedGeneration: number | undefined,
): ConditionState {
  const generation = endpoint.metadata.generation ?? 0;
  if (refusal !== undefined) {
    return { status: "False", reason: refusal.reason, message: `${refusal.message}.` };
  }
  for (const router of [...readyRouters].sort()) {
    const problem = views.get(router)?.endpoints.get(endpointId(endpoint))?.problem;
    if (problem !== undefined) {
      return {
        status: "False",
        reason: problem.reason,
        message: `${router}: ${problem.message}`,
      };
    }
  }
  if (appliedGeneration === undefined) {
    return { status: "Unknown", reason: "NoReadyRouter", message: "No router is ready." };
  }
  if (appliedGeneration < generation) {
    return {
      status: "Unknown",
      reason: "NotYetApplied",
      message: `Not every ready router serves generation ${generation} yet.`,
    };
  }
  const applied = `Every ready router serves generation ${generation}.`;
  if (endpoint.spec.routerNamespace === undefined && routerNamespaces.length > 1) {
    const all = [...routerNamespaces].sort().join(", ");
    const [scaler = ""] = routerNamespaces;
    return {
      status: "True",
      reason: "RouterNamespaceMissing",
      message: `${applied} spec.routerNamespace is missing, and the cluster has routers in the namespaces ${all}: write one of them. Until then each router serves the endpoint with limits of its own, and only the one in ${scaler} scales it.`,
    };
  }
  return { status: "True", reason: "Applied", message: applied };
}

function assessReady(
  endpoint: ModelEndpoint,
  { readyRouters }: EndpointObservation,
  accepted: ConditionState,
  versions: readonly VersionStatus[],
): ConditionState {
  if (readyRouters.size === 0) {
    return { status: "False", reason: "NoReadyRouter", message: "No router is ready." };
  }
  if (accepted.status !== "True") {
    return { status: "False", reason: accepted.reason, message: accepted.message };
  }
  if (endpoint.spec.suspended === true) {
    return {
      status: "False",
      reason: "Suspended",
      message: "The endpoint is suspended: routers do not serve it.",
    };
  }
  const name = endpoint.spec.versions.find(({ isDefault }) => isDefault)?.name;
  const defaultVersion = versions.find((version) => version.name === name);
  if (defaultVersion === undefined || defaultVersion.readyReplicas === 0) {
    return {
      status: "False",
      reason: "NoReadyReplica",
      message: `The default version ${name ?? "(none)"} has no ready replica.`,
    };
  }
  return {
    status: "True",
    reason: "Ready",
    message: `The default version ${defaultVersion.name} has a ready replica.`,
  };
}

function versionStatus(name: string, observation: VersionObservation | undefined): VersionStatus {
  const { state, problem } = observeState(observation?.deployment, observation?.pods ?? []);
  const scale = observation?.scale ?? { reason: "Unknown", message: "Not observed yet." };
  const { reason, message } = NOT_SCALED.has(scale.reason) ? scale : (problem ?? scale);
  return {
    name,
    state,
    readyReplicas: (observation?.pods ?? []).filter(isReadyPod).length,
    desiredReplicas: observation?.deployment?.spec?.replicas ?? 0,
    reason,
    message: truncate(message),
  };
}

function truncate(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH
    ? message
    : `${message.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
}
