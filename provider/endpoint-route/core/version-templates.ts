// Which pod template of a version is live, which was declared, and to which one a failed roll-out goes back.
import { REVISION_ANNOTATION } from "../../../contracts/model-endpoint/model-endpoint";
import { revisionOf } from "../../../contracts/model-endpoint/revision-of";
import { revisionNumber } from "../../../kubernetes/core/assess-roll-out";
import {
  type Deployment,
  type PodTemplate,
  type ReplicaSet,
} from "../../../kubernetes/core/workload";
import { without } from "../../../values/without";

/** The label that Kubernetes adds to the template of each ReplicaSet. */
const POD_TEMPLATE_HASH = "pod-template-hash";

/**
 * Whether the live template is the declared one. A Deployment without the annotation isn't an endpoint component's:
 * its template is whatever its owner declares.
 */
export function isDeclared({ metadata, spec }: Deployment, declared: string | undefined): boolean {
  const isAnnotated = metadata.annotations?.[REVISION_ANNOTATION] !== undefined;
  return !isAnnotated || revisionOf(spec.template) === declared;
}

/** The declared template, if one of the Deployment's ReplicaSets still has it; of several the newest. */
export function declaredTemplate(
  replicaSets: readonly ReplicaSet[],
  declared: string,
): PodTemplate | undefined {
  return bareTemplate(
    newestOf(replicaSets.filter(({ spec }) => revisionOf(spec.template) === declared)),
  );
}

/**
 * The template to go back to when the newest one can't be rolled out: the one that was verified last, if replicas of it
 * are ready, else the newest of which some are, else the verified one. Undefined when there is none of these, or the
 * Deployment isn't an endpoint component's.
 * @param verified digest of the template that the last successful roll-out verified
 */
export function formerTemplate(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  verified: string | undefined,
): PodTemplate | undefined {
  if (deployment.metadata.annotations?.[REVISION_ANNOTATION] === undefined) return undefined;
  const failed = revisionOf(deployment.spec.template);
  const former = replicaSets.filter(({ spec }) => revisionOf(spec.template) !== failed);
  const isReady = ({ status }: ReplicaSet) => (status?.readyReplicas ?? 0) > 0;
  const isVerified = ({ spec }: ReplicaSet) =>
    verified !== undefined && revisionOf(spec.template) === verified;
  return bareTemplate(
    newestOf(former.filter((each) => isVerified(each) && isReady(each))) ??
      newestOf(former.filter(isReady)) ??
      newestOf(former.filter(isVerified)),
  );
}

/** The image of a template's model. */
export function imageOf(template: PodTemplate | undefined): string {
  return template?.spec?.containers?.[0]?.image ?? "(unknown)";
}

function newestOf(replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const [first, ...others] = replicaSets;
  return others.reduce(
    (newest, each) =>
      newest !== undefined && revisionNumber(each) > revisionNumber(newest) ? each : newest,
    first,
  );
}

function bareTemplate(replicaSet: ReplicaSet | undefined): PodTemplate | undefined {
  const template = replicaSet?.spec.template;
  if (template?.metadata?.labels === undefined) return template;
  const labels = without(template.metadata.labels, POD_TEMPLATE_HASH);
  return { ...template, metadata: { ...template.metadata, labels } };
}
