// Validates the source of a router's certificate: the given pair, or that of v1's router.
import { type ArgumentError } from "../../values/argument-error";
import { type Arguments, isUnset, pathTo } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { validateCertificatePair } from "../certificate/validate-certificate-pair";
import { type Surroundings } from "../kubernetes/surroundings";

const PAIR = ["certificatePem", "privateKeyPem"] as const;

/** Certificate and key are required unless v1's are used. */
export function requiredWithoutLegacy(path: string, pem: unknown, ssl: Arguments): ArgumentError[] {
  const { takeOverLegacyCertificate: isLegacy } = ssl;
  if (!isUnset(pem) || isLegacy === true || isLegacy === UNKNOWN) return [];
  return [{ path, reason: "is required: it is missing" }];
}

/** Certificate and key must not be given when v1's are used. */
export function excludesPair(path: string, isLegacy: unknown, ssl: Arguments): ArgumentError[] {
  // An Output may turn out to be undefined.
  const given = PAIR.filter((name) => !isUnset(ssl[name]) && ssl[name] !== UNKNOWN);
  if (isLegacy !== true || given.length === 0) return [];
  const names = given.map((name) => pathTo("ssl", name)).join(" and ");
  return [{ path, reason: `takes v1's certificate, so ${names} must be left out` }];
}

/** Errors of the given pair: the key, the host name and the validity period must match the certificate. */
export function validatePair(
  _path: string,
  ssl: unknown,
  _router: Arguments,
  { now }: Surroundings,
): ArgumentError[] {
  if (!isRecord(ssl) || ssl["takeOverLegacyCertificate"] === true) return [];
  const knownString = (name: string): string | undefined => {
    const value = ssl[name];
    return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
  };
  return validateCertificatePair(
    knownString("cname"),
    knownString("certificatePem"),
    knownString("privateKeyPem"),
    now,
  );
}
