// What is refused of a certificate, its key and its name.
import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { sentence } from "../../components/argument-problem";
import { checkCertificatePair } from "../../components/certificate-pair";

const NOW = new Date("2026-06-01T00:00:00Z");
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A self-signed certificate for the name, valid from January to December of 2026, and its key. */
async function makePair(name: string) {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      keys,
      notBefore: new Date("2026-01-01T00:00:00Z"),
      notAfter: new Date("2026-12-01T00:00:00Z"),
      signingAlgorithm: ALGORITHM,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}

describe("checkCertificatePair()", () => {
  let own: Awaited<ReturnType<typeof makePair>>;
  let other: Awaited<ReturnType<typeof makePair>>;
  before(async () => {
    own = await makePair("score.contoso.com");
    other = await makePair("*.fabrikam.com");
  });

  const problems = (cname: string, certificate: string, key: string, now = NOW): string[] =>
    checkCertificatePair(cname, certificate, key, now).map(sentence);

  it("accepts a certificate with its key, for its name, in its time", () => {
    assert.deepEqual(problems("score.contoso.com", own.certificate, own.key), []);
  });

  it("accepts a name that a wildcard covers", () => {
    assert.deepEqual(problems("score.fabrikam.com", other.certificate, other.key), []);
  });

  it("refuses the key of another certificate, without showing it", () => {
    assert.deepEqual(problems("score.contoso.com", own.certificate, other.key), [
      "ssl.privateKeyPem must belong to ssl.certificatePem: it is the key of another certificate",
    ]);
  });

  it("refuses a certificate for another name", () => {
    assert.deepEqual(problems("www.contoso.com", own.certificate, own.key), [
      "ssl.certificatePem must be for ssl.cname, www.contoso.com: it is for DNS:score.contoso.com",
    ]);
  });

  it("refuses a certificate that has expired, and one that is not valid yet", () => {
    const late = problems("score.contoso.com", own.certificate, own.key, new Date("2027-01-01"));
    const early = problems("score.contoso.com", own.certificate, own.key, new Date("2025-01-01"));
    assert.match(late.join(), /^ssl\.certificatePem must be valid: it expired on Dec/);
    assert.match(early.join(), /^ssl\.certificatePem must be valid: it begins on Jan/);
  });

  it("refuses what is not PEM, both at once", () => {
    assert.deepEqual(problems("score.contoso.com", "x", "y"), [
      "ssl.certificatePem must be a certificate chain in PEM: it can't be read",
      "ssl.privateKeyPem must be a private key in PEM without a passphrase: it can't be read",
    ]);
  });

  it("judges what is known when the rest is not", () => {
    assert.deepEqual(checkCertificatePair(undefined, own.certificate, undefined, NOW), []);
    assert.equal(checkCertificatePair(undefined, "x", undefined, NOW).length, 1);
  });
});
