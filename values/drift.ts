// Drift: what in the cluster differs from what was deployed, by object and path.

/** Paths that differ, by `<Kind>/<name>`; objects without drift are left out. */
export type Drift = Readonly<Record<string, readonly string[]>>;

/** Stands for the whole object where it is gone. */
export const DELETED = "(deleted)";

/** `Deployment/aml-inference-router: spec.replicas, spec.template…`, one sentence for all. */
export function driftSentence(drift: Drift): string {
  const objects = Object.entries(drift).map(([key, paths]) => `${key}: ${paths.join(", ")}`);
  return `differs from what was deployed: ${objects.join("; ")}`;
}

export function hasDrift(drift: Drift): boolean {
  return Object.keys(drift).length > 0;
}
