// What is wrong with a router's `ssl`: the pair that is given, or v1's that is to be taken over.
import { UNKNOWN } from "../../values/unknown";
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { validateCertificatePair } from "../certificate/validate-certificate-pair";
import { isRecord } from "../../values/is-record";
import { validateBoolean, validateNames, validateText } from "../../values/plain-values";

/** Arguments of `ssl`. */
export const SSL_ARGUMENTS = [
  "cname",
  "certificatePem",
  "privateKeyPem",
  "takeOverLegacyCertificate",
] as const;

/** A name of DNS, as a certificate carries it. */
const CNAME =
  /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i;

/** @param now the certificate must be valid at this time. */
export function validateSsl(ssl: unknown, now: Date): ArgumentProblem[] {
  if (ssl === undefined || ssl === null || ssl === UNKNOWN) return [];
  if (!isRecord(ssl)) return [{ path: "ssl", reason: `must be an object: it is ${shown(ssl)}` }];
  const { cname, certificatePem, privateKeyPem } = ssl;
  const problems = [
    ...validateNames("ssl", ssl, SSL_ARGUMENTS),
    ...validateText("ssl.cname", cname),
    ...validateSource(ssl),
  ];
  if (problems.length > 0) return problems;
  if (typeof cname === "string" && cname !== UNKNOWN && !CNAME.test(cname)) {
    problems.push({ path: "ssl.cname", reason: `must be a domain name: it is ${shown(cname)}` });
  }
  const known = (value: unknown): string | undefined =>
    typeof value === "string" && value !== UNKNOWN ? value : undefined;
  return [
    ...problems,
    ...validateCertificatePair(known(cname), known(certificatePem), known(privateKeyPem), now),
  ];
}

/** A pair, or v1's. */
function validateSource(ssl: Readonly<Record<string, unknown>>): ArgumentProblem[] {
  const { certificatePem, privateKeyPem, takeOverLegacyCertificate } = ssl;
  const path = "ssl.takeOverLegacyCertificate";
  if (takeOverLegacyCertificate !== true) {
    return [
      ...validateBoolean(path, takeOverLegacyCertificate),
      ...validateText("ssl.certificatePem", certificatePem, { secret: true }),
      ...validateText("ssl.privateKeyPem", privateKeyPem, { secret: true }),
    ];
  }
  const given = Object.entries({ certificatePem, privateKeyPem }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  if (given.length === 0) return [];
  const names = given.map(([name]) => `ssl.${name}`).join(" and ");
  return [{ path, reason: `takes v1's certificate, so ${names} must be left out` }];
}
