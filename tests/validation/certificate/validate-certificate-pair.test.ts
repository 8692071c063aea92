// What is refused of a certificate, its key and its name.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import {
  validateCertificatePair,
  validateLegacyPair,
} from "../../../validation/certificate/validate-certificate-pair";
import { type PemPair } from "../../../values/pem-pair";
import { makePair } from "../../support/certificate-pair";

const NOW = new Date("2026-06-01T00:00:00Z");
const END = new Date("2026-12-01T00:00:00Z");

describe("validateCertificatePair()", () => {
  let own: PemPair;
  let other: PemPair;
  before(async () => {
    own = await makePair("score.contoso.com", END);
    other = await makePair("*.fabrikam.com", END);
  });

  const problems = (cname: string, certificate: string, key: string, now = NOW): string[] =>
    validateCertificatePair(cname, certificate, key, now).map(sentence);

  it("accepts a certificate with its key, for its name, in its time", () => {
    assert.deepEqual(problems("score.contoso.com", own.certificatePem, own.privateKeyPem), []);
  });

  it("accepts a name that a wildcard covers", () => {
    assert.deepEqual(problems("score.fabrikam.com", other.certificatePem, other.privateKeyPem), []);
  });

  it("refuses the key of another certificate, without showing it", () => {
    assert.deepEqual(problems("score.contoso.com", own.certificatePem, other.privateKeyPem), [
      "ssl.privateKeyPem must belong to ssl.certificatePem: it is the key of another certificate",
    ]);
  });

  it("refuses a certificate for another name", () => {
    assert.deepEqual(problems("www.contoso.com", own.certificatePem, own.privateKeyPem), [
      "ssl.certificatePem must be for ssl.cname, www.contoso.com: it is for DNS:score.contoso.com",
    ]);
  });

  it("refuses a certificate that has expired, and one that is not valid yet", () => {
    const late = problems(
      "score.contoso.com",
      own.certificatePem,
      own.privateKeyPem,
      new Date("2027-01-01"),
    );
    const early = problems(
      "score.contoso.com",
      own.certificatePem,
      own.privateKeyPem,
      new Date("2025-01-01"),
    );
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
    assert.deepEqual(validateCertificatePair(undefined, own.certificatePem, undefined, NOW), []);
    assert.equal(validateCertificatePair(undefined, "x", undefined, NOW).length, 1);
  });

  it("calls v1's pair by its name", () => {
    const mixed = { ...own, privateKeyPem: other.privateKeyPem };
    assert.deepEqual(validateLegacyPair("www.contoso.com", mixed, NOW).map(sentence), [
      "ssl.takeOverLegacyCertificate: v1's certificate must be for ssl.cname, www.contoso.com: it is for DNS:score.contoso.com",
      "ssl.takeOverLegacyCertificate: v1's private key must belong to v1's certificate: it is the key of another certificate",
    ]);
    assert.deepEqual(validateLegacyPair(undefined, own, NOW), []);
  });
});
