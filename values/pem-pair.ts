// A certificate chain with its private key.

/** Both are PEM. */
export interface PemPair {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}
