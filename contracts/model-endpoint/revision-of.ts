// Which declaration a pod template of a version comes from.
import { REVISION_ANNOTATION } from "./model-endpoint";

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Digest of the declaration; undefined for a template that no endpoint component declared. */
export function revisionOf(template: Template | undefined): string | undefined {
  return template?.metadata?.annotations?.[REVISION_ANNOTATION];
}
