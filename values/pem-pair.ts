// A certificate and its key.

/** A certificate chain and its key, PEM. */
export interface PemPair {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}
