// Validates a certificate chain against its private key, host name and validity period.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type PemPair } from "../../values/pem-pair";
import { type ArgumentError } from "../../values/argument-error";

/** Names of certificate and key in error messages. */
interface PairNames {
  readonly certificate: string;
  readonly key: string;
}

const GIVEN: PairNames = { certificate: "ssl.certificatePem", key: "ssl.privateKeyPem" };
const LEGACY: PairNames = {
  certificate: "ssl.takeOverLegacyCertificate: v1's certificate",
  key: "ssl.takeOverLegacyCertificate: v1's private key",
};

/** Errors of the pair that was copied from v1's router. An unknown `cname` is undefined and not validated. */
export function validateLegacyPair(
  cname: string | undefined,
  { certificatePem, privateKeyPem }: PemPair,
  now: Date,
): ArgumentError[] {
  return validateCertificatePair(cname, certificatePem, privateKeyPem, now, LEGACY);
}

/**
 * Errors of a certificate chain and its private key, both in PEM. Unknown values are undefined and not validated. Errors
 * do not contain the key.
 */
export function validateCertificatePair(
  cname: string | undefined,
  certificatePem: string | undefined,
  privateKeyPem: string | undefined,
  now: Date,
  names: PairNames = GIVEN,
): ArgumentError[] {
  const certificate = certificatePem === undefined ? undefined : readCertificate(certificatePem);
  const key = privateKeyPem === undefined ? undefined : readPrivateKey(privateKeyPem);
  const errors: ArgumentError[] = [];
  if (certificate === "unreadable") {
    const reason = "must be a certificate chain in PEM: it can't be read";
    errors.push({ path: names.certificate, reason });
  } else if (certificate !== undefined) {
    errors.push(...validateCertificate(names.certificate, certificate, cname, now));
  }
  if (key === "unreadable") {
    const reason = "must be a private key in PEM without a passphrase: it can't be read";
    errors.push({ path: names.key, reason });
  }
  if (certificate instanceof X509Certificate && typeof key === "object") {
    if (!certificate.checkPrivateKey(key)) {
      // The error of v1's pair has its path only once.
      const certificateName = names.certificate.split(": ").at(-1) ?? "";
      const reason = `must belong to ${certificateName}: it is the key of another certificate`;
      errors.push({ path: names.key, reason });
    }
  }
  return errors;
}

function validateCertificate(
  path: string,
  certificate: X509Certificate,
  cname: string | undefined,
  now: Date,
): ArgumentError[] {
  const errors: ArgumentError[] = [];
  if (new Date(certificate.validTo) <= now) {
    errors.push({ path, reason: `must be valid: it expired on ${certificate.validTo}` });
  }
  if (new Date(certificate.validFrom) > now) {
    errors.push({ path, reason: `must be valid: it begins on ${certificate.validFrom}` });
  }
  if (cname !== undefined && certificate.checkHost(cname) === undefined) {
    const names = certificate.subjectAltName ?? certificate.subject.replaceAll("\n", ", ");
    errors.push({ path, reason: `must be for ssl.cname, ${cname}: it is for ${names}` });
  }
  return errors;
}

function readCertificate(pem: string): X509Certificate | "unreadable" {
  try {
    return new X509Certificate(pem);
  } catch {
    return "unreadable";
  }
}

function readPrivateKey(pem: string): KeyObject | "unreadable" {
  try {
    return createPrivateKey(pem);
  } catch {
    return "unreadable";
  }
}
