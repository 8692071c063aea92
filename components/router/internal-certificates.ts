// The certificates by which routers and autoscalers know each other, from an authority of this router's own.
import * as pulumi from "@pulumi/pulumi";
import { LocallySignedCert, CertRequest, PrivateKey, SelfSignedCert } from "@pulumi/tls";
import { internalName } from "../../contracts/pods/internal-tls";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../contracts/pods/pod-defaults";

const YEAR_HOURS = 365 * 24;
const LEAF_YEARS = 3;
/** An authority that is as old as to expire before a leaf that it would sign is replaced, with its leaves. */
const AUTHORITY = {
  validityPeriodHours: 20 * YEAR_HOURS,
  earlyRenewalHours: LEAF_YEARS * YEAR_HOURS,
};
/** Every update in a leaf's last two years renews it. */
const LEAF = { validityPeriodHours: LEAF_YEARS * YEAR_HOURS, earlyRenewalHours: 2 * YEAR_HOURS };
const KEY = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** What the pods of a role mount. */
export interface InternalCertificate {
  /** Name of its Secret in the program. */
  readonly pulumiName: string;
  /** The role, and the name of its Deployment. */
  readonly role: string;
  readonly certificatePem: pulumi.Input<string>;
  /** A secret. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** The authority's certificate. */
  readonly caPem: pulumi.Input<string>;
}

/**
 * The authority's key signs these certificates and nothing else, and stays in the state. Routers are servers, too: of each
 * other. Autoscalers are no clients.
 */
export function createInternalCertificates(
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): readonly InternalCertificate[] {
  const authorityKey = new PrivateKey(`${name}-internal-ca`, KEY, opts);
  const authority = new SelfSignedCert(
    `${name}-internal-ca`,
    {
      ...AUTHORITY,
      privateKeyPem: authorityKey.privateKeyPem,
      subject: { commonName: "aml-inference" },
      isCaCertificate: true,
      maxPathLength: 0,
      setSubjectKeyId: true,
      allowedUses: ["cert_signing"],
    },
    opts,
  );
  const issue = (suffix: string, role: string, usages: readonly string[]): InternalCertificate => {
    const dnsName = pulumi.output(namespace).apply((known) => internalName(role, known));
    const { privateKeyPem } = new PrivateKey(`${name}-${suffix}`, KEY, opts);
    const request = new CertRequest(
      `${name}-${suffix}`,
      { privateKeyPem, subject: { commonName: role }, dnsNames: [dnsName] },
      opts,
    );
    const certificate = new LocallySignedCert(
      `${name}-${suffix}`,
      {
        ...LEAF,
        certRequestPem: request.certRequestPem,
        caCertPem: authority.certPem,
        caPrivateKeyPem: authorityKey.privateKeyPem,
        allowedUses: ["digital_signature", ...usages],
      },
      opts,
    );
    const { certPem: certificatePem } = certificate;
    const pulumiName = `${name}-${suffix}-internal-tls`;
    return { pulumiName, role, certificatePem, privateKeyPem, caPem: authority.certPem };
  };
  return [
    issue("router", ROUTER_NAME, ["server_auth", "client_auth"]),
    issue("autoscaler", AUTOSCALER_NAME, ["server_auth"]),
  ];
}
