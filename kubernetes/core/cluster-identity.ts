// Which cluster a kubeconfig speaks of: server and certificate authority, whatever its credentials are.
import { digest } from "../../values/digest";

export interface ClusterIdentity {
  /** URL of the API server. */
  readonly server: string;
  /** Digest of the certificate authority's PEM; empty for a server whose certificate a public authority signed. */
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
