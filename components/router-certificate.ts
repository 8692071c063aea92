// Where the router's certificate comes from: the program, or Azure ML v1's router.
import * as pulumi from "@pulumi/pulumi";
import { LEGACY_SOURCE, TAKEN_OVER } from "../provider/core/legacy-certificate";
import { LegacyCertificate } from "../provider/legacy-certificate";
import { type SslArgs } from "./aml-inference-router-args";
import { sentence } from "./argument-problem";
import { checkLegacyPair } from "./certificate-pair";
import { TLS_SECRET_NAME } from "./router-names";

export interface RouterCertificate {
  readonly certificatePem: pulumi.Input<string>;
  /** A secret. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** Of the Secret that keeps it. */
  readonly annotations: Record<string, string>;
}

/** The pair that is given, or v1's: read once, judged at every preview like one that is given. */
export function routerCertificate(
  name: string,
  ssl: SslArgs,
  place: { readonly kubeconfig: pulumi.Input<string>; readonly namespace: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.ComponentResource },
): RouterCertificate {
  const { cname, certificatePem = "", privateKeyPem = "" } = ssl;
  if (ssl.takeOverLegacyCertificate !== true) {
    return { certificatePem, privateKeyPem: pulumi.secret(privateKeyPem), annotations: {} };
  }
  const args = { ...place, cname, secretName: TLS_SECRET_NAME };
  const legacy = new LegacyCertificate(name, args, opts);
  const pair = pulumi
    .all([cname, legacy.certificatePem, legacy.privateKeyPem])
    .apply(([domain, certificate, key]) => {
      const taken = { certificatePem: certificate, privateKeyPem: key };
      const problems = checkLegacyPair(domain, taken, new Date()).map(sentence);
      if (problems.length === 0) return taken;
      const wayOut = "give ssl.certificatePem and ssl.privateKeyPem in its place";
      throw new pulumi.ResourceError(`${problems.join("\n")}; ${wayOut}`, opts.parent, true);
    });
  return {
    certificatePem: pair.certificatePem,
    privateKeyPem: pair.privateKeyPem,
    annotations: { [TAKEN_OVER]: LEGACY_SOURCE },
  };
}
