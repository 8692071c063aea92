// Drift: differences between live and deployed objects, by object and path.

/** Paths that differ, by `<Kind>/<name>`; only objects with drift. */
export type Drift = Readonly<Record<string, readonly string[]>>;

/** Takes the place of the paths when the object was deleted. */
export const DELETED = "(deleted)";

/** One sentence for all objects, e.g. with `Deployment/aml-inference-router: spec.replicas, spec.template`. */
export function driftSentence(drift: Drift): string {
  const objects = Object.entries(drift).map(([key, paths]) => `${key}: ${paths.join(", ")}`);
  return `differs from what was deployed: ${objects.join("; ")}`;
}

export function hasDrift(drift: Drift): boolean {
  return Object.keys(drift).length > 0;
}
