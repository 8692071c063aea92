// What validation must know of the world: it asks for nothing itself.

export interface Surroundings {
  /** Certificates must be valid at this time. */
  readonly now: Date;
  /** Reads a kubeconfig and the file of its certificate authority; the message begins with "kubeconfig". */
  readonly readKubeConfig: (
    text: string,
  ) => { readonly ok: true } | { readonly ok: false; readonly message: string };
}
