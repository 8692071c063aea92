// Identity of a kubeconfig's cluster: server and certificate authority, independent of credentials.
import { digest } from "../../values/digest";

export interface ClusterIdentity {
  /** URL of the API server. */
  readonly server: string;
  /** Digest of the CA certificate's PEM; empty when a public CA signed the server's certificate. */
  readonly certificateAuthority: string;
}

/** Identity of a cluster entry of a kubeconfig. */
export function identityOf(server: string, authorityPem: string): ClusterIdentity {
  const pem = authorityPem.replace(/\s+/g, "");
  return { server, certificateAuthority: pem === "" ? "" : digest(pem) };
}

export function sameCluster(left: ClusterIdentity, right: ClusterIdentity): boolean {
  return left.server === right.server && left.certificateAuthority === right.certificateAuthority;
}
