/** When an object counts as ready, from what lives in the cluster, with reasons when it does not. */
import { isRecord } from "../../property-value";
import { apiVersionOf, type KubeObject, kindOf, metadataOf, valueAt } from "./kube-object";

/** The verdict on one object; `reasons` say in a sentence each what it lacks. */
export type Readiness =
  { readonly ready: true } | { readonly ready: false; readonly reasons: string[] };

/** What else must be looked at: the Endpoints of a Service that selects pods. */
export interface Surroundings {
  /** The Service's Endpoints object; undefined when there is none (yet). */
  readonly endpoints?: KubeObject | undefined;
}

type Check = (object: KubeObject, surroundings: Surroundings) => string[];

const checks: Readonly<Record<string, Check>> = {
  "apps/v1/DaemonSet": checkDaemonSet,
  "apps/v1/Deployment": checkDeployment,
  "apps/v1/StatefulSet": checkStatefulSet,
  "apiextensions.k8s.io/v1/CustomResourceDefinition": checkDefinition,
  "batch/v1/Job": checkJob,
  "v1/PersistentVolumeClaim": checkClaim,
  "v1/Pod": checkPod,
  "v1/Service": checkService,
};

/** True for kinds that a create or update waits for. */
export function hasReadiness(object: KubeObject): boolean {
  return typeOf(object) in checks;
}

/** True for kinds whose lack of readiness a refresh reports. */
export function isJudgedOnRead(object: KubeObject): boolean {
  return hasReadiness(object) && !waitedForAtCreationOnly.has(typeOf(object));
}

const waitedForAtCreationOnly: ReadonlySet<string> = new Set([
  "v1/PersistentVolumeClaim",
  "apiextensions.k8s.io/v1/CustomResourceDefinition",
]);

/** True when the readiness depends on the Endpoints of the same name. */
export function needsEndpoints(object: KubeObject): boolean {
  if (typeOf(object) !== "v1/Service") return false;
  const selector = valueAt(object, "spec", "selector");
  return (
    isRecord(selector) &&
    Object.keys(selector).length > 0 &&
    valueAt(object, "spec", "type") !== "ExternalName" &&
    valueAt(object, "spec", "clusterIP") !== "None"
  );
}

/** Judges an object; kinds without a notion of readiness are ready at once. */
export function checkReadiness(object: KubeObject, surroundings: Surroundings = {}): Readiness {
  const reasons = checks[typeOf(object)]?.(object, surroundings) ?? [];
  return reasons.length === 0 ? { ready: true } : { ready: false, reasons };
}

function typeOf(object: KubeObject): string {
  return `${apiVersionOf(object)}/${kindOf(object)}`;
}

function checkDeployment(object: KubeObject): string[] {
  if (!isObserved(object)) return ["The Deployment controller has not seen this version yet"];
  const available = conditionOf(object, "Available");
  const progressing = conditionOf(object, "Progressing");
  const reasons: string[] = [];
  if (available?.["status"] !== "True") {
    reasons.push(
      sentence(
        available,
        "Minimum number of Pods to consider the application live was not attained",
      ),
    );
  }
  if (progressing?.["status"] !== "True" || progressing["reason"] !== "NewReplicaSetAvailable") {
    reasons.push(sentence(progressing, "The roll-out has not finished"));
  }
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const updated = numberAt(object, "status", "updatedReplicas") ?? 0;
  const ready = numberAt(object, "status", "readyReplicas") ?? 0;
  if (updated < wanted || ready < wanted) {
    reasons.push(`${Math.min(updated, ready)} of ${wanted} replicas are up to date and ready`);
  }
  return reasons;
}

function checkDaemonSet(object: KubeObject): string[] {
  if (!isObserved(object)) return ["The DaemonSet controller has not seen this version yet"];
  const wanted = numberAt(object, "status", "desiredNumberScheduled") ?? 0;
  const updated = numberAt(object, "status", "updatedNumberScheduled") ?? 0;
  const ready = numberAt(object, "status", "numberReady") ?? 0;
  const least = Math.min(updated, ready);
  return least < wanted ? [`${least} of ${wanted} Pods are up to date and ready`] : [];
}

function checkStatefulSet(object: KubeObject): string[] {
  if (!isObserved(object)) return ["The StatefulSet controller has not seen this version yet"];
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const ready = numberAt(object, "status", "readyReplicas") ?? 0;
  const current = valueAt(object, "status", "currentRevision");
  if (ready < wanted) return [`${ready} of ${wanted} replicas are ready`];
  return current === valueAt(object, "status", "updateRevision")
    ? []
    : ["The roll-out has not finished"];
}

function checkJob(object: KubeObject): string[] {
  if (conditionOf(object, "Complete")?.["status"] === "True") return [];
  return [sentence(conditionOf(object, "Failed"), "The Job has not completed")];
}

function checkPod(object: KubeObject): string[] {
  if (valueAt(object, "status", "phase") === "Succeeded") return [];
  const ready = conditionOf(object, "Ready");
  return ready?.["status"] === "True" ? [] : [sentence(ready, "The Pod is not ready")];
}

function checkClaim(object: KubeObject): string[] {
  const phase = valueAt(object, "status", "phase");
  return phase === "Bound"
    ? []
    : [typeof phase === "string" ? `The claim is ${phase}` : "The claim is not bound"];
}

function checkDefinition(object: KubeObject): string[] {
  const established = conditionOf(object, "Established");
  return established?.["status"] === "True"
    ? []
    : [sentence(established, "The API server does not serve the kind yet")];
}

function checkService(object: KubeObject, surroundings: Surroundings): string[] {
  const reasons: string[] = [];
  if (needsEndpoints(object) && !areEndpointsReady(surroundings.endpoints)) {
    reasons.push(
      "The Service has no ready Pod: Pods may not be ready, or spec.selector matches no Pod's labels",
    );
  }
  const ingress = valueAt(object, "status", "loadBalancer", "ingress");
  const isBalanced = valueAt(object, "spec", "type") === "LoadBalancer";
  if (isBalanced && !(Array.isArray(ingress) && ingress.length > 0)) {
    reasons.push("No address was assigned to the load balancer");
  }
  return reasons;
}

/** The vendor's rule: the Endpoints exist and no address in them is unready. */
function areEndpointsReady(endpoints: KubeObject | undefined): boolean {
  if (!endpoints) return false;
  const subsets = endpoints["subsets"];
  return !(
    Array.isArray(subsets) &&
    subsets.some((s) => isRecord(s) && s["notReadyAddresses"] !== undefined)
  );
}

function isObserved(object: KubeObject): boolean {
  const seen = numberAt(object, "status", "observedGeneration") ?? 0;
  const generation = metadataOf(object)["generation"];
  return typeof generation !== "number" || seen >= generation;
}

function conditionOf(object: KubeObject, type: string): Record<string, unknown> | undefined {
  const conditions = valueAt(object, "status", "conditions");
  if (!Array.isArray(conditions)) return undefined;
  return conditions.filter(isRecord).find((condition) => condition["type"] === type);
}

function sentence(condition: Record<string, unknown> | undefined, otherwise: string): string {
  const { reason, message } = condition ?? {};
  if (typeof message !== "string" || message === "") return otherwise;
  return typeof reason === "string" ? `[${reason}] ${message}` : message;
}

function numberAt(object: KubeObject, ...path: string[]): number | undefined {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : undefined;
}
