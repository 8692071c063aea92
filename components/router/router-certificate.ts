// Where the router's certificate comes from: the program, or Azure ML v1's router.
import * as pulumi from "@pulumi/pulumi";
import { LEGACY_SOURCE, TAKEN_OVER } from "../../provider/legacy-certificate/core/legacy-pair";
import { LegacyCertificate } from "../../provider/legacy-certificate/legacy-certificate";
import { withDefault } from "../engine/inputs";
import { type KnownSsl } from "./known-ssl";
import { TLS_SECRET_NAME } from "./router-names";

export interface RouterCertificate {
  readonly certificatePem: pulumi.Input<string>;
  /** A secret. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** Of the Secret that keeps it. */
  readonly annotations: Record<string, string>;
}

/** The pair in the arguments, which are validated before, or v1's. */
export function routerCertificate(
  name: string,
  { isLegacy, ...ssl }: KnownSsl,
  place: { readonly kubeconfig: pulumi.Input<string>; readonly namespace: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): RouterCertificate {
  if (!isLegacy) {
    const { certificatePem, privateKeyPem } = ssl;
    return {
      certificatePem: withDefault(certificatePem, ""),
      privateKeyPem: pulumi.secret(withDefault(privateKeyPem, "")),
      annotations: {},
    };
  }
  const args = { ...place, cname: ssl.cname, secretName: TLS_SECRET_NAME };
  const legacy = new LegacyCertificate(name, args, opts);
  return {
    certificatePem: legacy.certificatePem,
    privateKeyPem: legacy.privateKeyPem,
    annotations: { [TAKEN_OVER]: LEGACY_SOURCE },
  };
}
