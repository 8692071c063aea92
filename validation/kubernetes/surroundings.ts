// The clock and file access that validation needs; the caller passes them in.

export interface Surroundings {
  /** Time at which certificates must be valid. */
  readonly now: Date;
  /** Parses a kubeconfig and reads its certificate authority's file. Messages begin with "kubeconfig". */
  readonly readKubeConfig: (
    text: string,
  ) => { readonly ok: true } | { readonly ok: false; readonly message: string };
}
