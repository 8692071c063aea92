// Does a certificate fit its private key, its name and the time?
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type ArgumentProblem } from "./argument-problem";

/**
 * Problems of a certificate chain and its key, both in PEM; what is undefined is not known yet. The key is
 * never shown.
 */
export function checkCertificatePair(
  cname: string | undefined,
  certificatePem: string | undefined,
  privateKeyPem: string | undefined,
  now: Date,
): ArgumentProblem[] {
  const certificate = certificatePem === undefined ? undefined : readCertificate(certificatePem);
  const key = privateKeyPem === undefined ? undefined : readPrivateKey(privateKeyPem);
  const problems: ArgumentProblem[] = [];
  if (certificate === "unreadable") {
    const reason = "must be a certificate chain in PEM: it can't be read";
    problems.push({ path: "ssl.certificatePem", reason });
  } else if (certificate !== undefined) {
    problems.push(...checkCertificate(certificate, cname, now));
  }
  if (key === "unreadable") {
    const reason = "must be a private key in PEM without a passphrase: it can't be read";
    problems.push({ path: "ssl.privateKeyPem", reason });
  }
  if (certificate instanceof X509Certificate && typeof key === "object") {
    if (!certificate.checkPrivateKey(key)) {
      const reason = "must belong to ssl.certificatePem: it is the key of another certificate";
      problems.push({ path: "ssl.privateKeyPem", reason });
    }
  }
  return problems;
}

function checkCertificate(
  certificate: X509Certificate,
  cname: string | undefined,
  now: Date,
): ArgumentProblem[] {
  const path = "ssl.certificatePem";
  const problems: ArgumentProblem[] = [];
  if (new Date(certificate.validTo) <= now) {
    problems.push({ path, reason: `must be valid: it expired on ${certificate.validTo}` });
  }
  if (new Date(certificate.validFrom) > now) {
    problems.push({ path, reason: `must be valid: it begins on ${certificate.validFrom}` });
  }
  if (cname !== undefined && certificate.checkHost(cname) === undefined) {
    const names = certificate.subjectAltName ?? certificate.subject.replaceAll("\n", ", ");
    problems.push({ path, reason: `must be for ssl.cname, ${cname}: it is for ${names}` });
  }
  return problems;
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
