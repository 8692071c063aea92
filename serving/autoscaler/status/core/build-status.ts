// The status of a ModelEndpoint, from what routers report and what the cluster holds.

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
import { endpointKey } from "../../scale/core/version-key";
import type { Explanation } from "../../scale/core/explanation";
import { observeState } from "./version-state";

export interface VersionObservation {
  readonly deployment?: ListedDeployment;
  readonly pods: readonly ListedPod[];
  /** Why there are this many replicas. */
  readonly scale: Explanation;
}

export interface EndpointObservation {
  /** What each router said last; one that never spoke serves nothing as far as is known. */
  readonly views: ReadonlyMap<string, RouterView>;
  readonly readyRouters: ReadonlySet<string>;
  /** By version name. */
  readonly versions: ReadonlyMap<string, VersionObservation>;
}

type Verdict = Pick<Condition, "status" | "reason" | "message">;

/** `nowIso`: wall-clock time for conditions that change. Equal observations give equal statuses, whatever the time. */
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
  const condition = (type: Condition["type"], verdict: Verdict): Condition => {
    const previous = endpoint.status?.conditions?.find((other) => other.type === type);
    return {
      type,
      ...verdict,
      message: cut(verdict.message),
      observedGeneration: generation,
      lastTransitionTime:
        previous?.status === verdict.status ? previous.lastTransitionTime : nowIso,
    };
  };
  return {
    ...(appliedGeneration === undefined ? {} : { appliedGeneration }),
    readyReplicas: versions.reduce((sum, { readyReplicas }) => sum + readyReplicas, 0),
    conditions: [condition("Accepted", accepted), condition("Ready", ready)],
    versions,
  };
}

/** Undefined when no router is ready: then nobody serves any generation. */
function minimumApplied(
  endpoint: ModelEndpoint,
  { views, readyRouters }: EndpointObservation,
): number | undefined {
  if (readyRouters.size === 0) return undefined;
  return Math.min(
    ...[...readyRouters].map(
      (router) => views.get(router)?.endpoints.get(endpointKey(endpoint))?.appliedGeneration ?? 0,
    ),
  );
}

function assessAccepted(
  endpoint: ModelEndpoint,
  { views, readyRouters }: EndpointObservation,
  appliedGeneration: number | undefined,
): Verdict {
  const generation = endpoint.metadata.generation ?? 0;
  for (const router of [...readyRouters].sort()) {
    const problem = views.get(router)?.endpoints.get(endpointKey(endpoint))?.problem;
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
  return {
    status: "True",
    reason: "Applied",
    message: `Every ready router serves generation ${generation}.`,
  };
}

function assessReady(
  endpoint: ModelEndpoint,
  { readyRouters }: EndpointObservation,
  accepted: Verdict,
  versions: readonly VersionStatus[],
): Verdict {
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
  const { state, trouble } = observeState(observation?.deployment, observation?.pods ?? []);
  const { reason, message } = trouble ??
    observation?.scale ?? { reason: "Unknown", message: "Not observed yet." };
  return {
    name,
    state,
    readyReplicas: (observation?.pods ?? []).filter(isReadyPod).length,
    desiredReplicas: observation?.deployment?.spec?.replicas ?? 0,
    reason,
    message: cut(message),
  };
}

function cut(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH
    ? message
    : `${message.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
}
