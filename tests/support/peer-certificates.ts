// Certificates for the channel between routers: an authority, and pairs that it signed.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { PEER_NAMES } from "../../serving/router/haproxy/core/names";
import { PEER_FILES } from "../../serving/router/haproxy/core/haproxy-settings";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const VALIDITY = {
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2099-01-01T00:00:00Z"),
};

export interface Authority {
  /** Makes a pair with this common name, and PEER_NAMES; the folder has PEER_FILES. */
  readonly issue: (name: string) => Promise<string>;
}

export async function makeAuthority(): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...{ name: "CN=authority", keys, signingAlgorithm: ALGORITHM },
      ...VALIDITY,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  return {
    issue: async (name) => {
      const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create(
        {
          ...{ subject: `CN=${name}`, issuer: authority.subject, signingAlgorithm: ALGORITHM },
          ...VALIDITY,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          extensions: [
            new x509.SubjectAlternativeNameExtension(
              Object.values(PEER_NAMES).map((value) => ({ type: "dns", value })),
            ),
          ],
        },
        webcrypto,
      );
      const key = await webcrypto.subtle.exportKey("pkcs8", own.privateKey);
      const directory = mkdtempSync(join(tmpdir(), "aml-peer-"));
      const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
      write(PEER_FILES.authority, authority.toString("pem"));
      write(PEER_FILES.certificate, certificate.toString("pem"));
      write(PEER_FILES.key, x509.PemConverter.encode(key, "PRIVATE KEY"));
      return directory;
    },
  };
}
