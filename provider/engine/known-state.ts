// The state that a refresh starts from.

/**
 * The state; an import has none, and so no kubeconfig.
 * @throws Error with one sentence for an import
 */
export function knownState<Outputs>(id: string, props: Outputs | undefined): Outputs {
  if (props !== undefined) return props;
  throw new Error(`${id} can't be imported: declare it, and what exists is taken over`);
}
