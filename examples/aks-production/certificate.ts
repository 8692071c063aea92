// The certificate that the router serves: your own, or a self-signed one for testing.
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey, SelfSignedCert } from "@pulumi/tls";

export interface Certificate {
  readonly certificatePem: pulumi.Output<string>;
  readonly privateKeyPem: pulumi.Output<string>;
}

const YEAR_HOURS = 365 * 24;

/** The certificate and key from the stack's configuration. Default: a self-signed pair, renewed a month before it expires. */
export function certificateFor(domainName: string, config: pulumi.Config): Certificate {
  const certificatePem = config.get("certificatePem");
  if (certificatePem) {
    const privateKeyPem = config.requireSecret("privateKeyPem");
    return { certificatePem: pulumi.output(certificatePem), privateKeyPem };
  }
  const key = new PrivateKey("router", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const certificate = new SelfSignedCert("router", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: domainName },
    dnsNames: [domainName],
    allowedUses: ["digital_signature", "server_auth"],
    validityPeriodHours: YEAR_HOURS,
    earlyRenewalHours: 30 * 24,
  });
  return { certificatePem: certificate.certPem, privateKeyPem: key.privateKeyPem };
}
