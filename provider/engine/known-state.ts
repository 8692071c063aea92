// The state that a refresh needs.

/**
 * The state of a refresh. An import has no state, and therefore no kubeconfig.
 * @throws Error with one sentence for an import
 */
export function knownState<Outputs>(id: string, props: Outputs | undefined): Outputs {
  if (props !== undefined) return props;
  throw new Error(`${id} can't be imported: declare it, and the update adopts what exists`);
}
