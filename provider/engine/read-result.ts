// What `read` tells Pulumi's engine, and what it needs to know for it.

export interface ReadResult<Outputs> {
  /** Empty when the resource is gone. */
  readonly id: string;
  readonly props?: Outputs;
  /** Inputs (Pulumi's type wrongly says outputs) as they are live: where they differ from the program's, a preview shows it. */
  readonly inputs?: Outputs;
}

/**
 * The state that a refresh starts from; an import has none, and so no kubeconfig.
 * @throws Error with one sentence for an import
 */
export function knownState<Outputs>(id: string, props: Outputs | undefined): Outputs {
  if (props !== undefined) return props;
  throw new Error(`${id} can't be imported: declare it, and what exists is taken over`);
}
