// Assesses whether every ready router serves the newest generation of an endpoint.
import { type EndpointObject } from "./endpoint-object";

export type AppliedVerdict =
  | { readonly kind: "applied" }
  /** The routers can't serve the spec; waiting longer doesn't help. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "waiting"; readonly message: string };

/** @param generation metadata.generation that the apply returned */
export function assessApplied(endpoint: EndpointObject, generation: number): AppliedVerdict {
  const { appliedGeneration, conditions = [] } = endpoint.status ?? {};
  if ((appliedGeneration ?? 0) >= generation) return { kind: "applied" };
  const accepted = conditions.find(({ type }) => type === "Accepted");
  const current = accepted !== undefined && accepted.observedGeneration >= generation;
  if (current && accepted.status === "False") return { kind: "refused", message: accepted.message };
  if (current) return { kind: "waiting", message: accepted.message };
  return { kind: "waiting", message: "the autoscaler hasn't reported the endpoint's status yet" };
}
