// Where a router's certificate comes from: the pair that is given, or v1's that is to be taken over.
import { type ArgumentError } from "../../values/argument-error";
import { type Arguments, isUnset, pathTo } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { validateCertificatePair } from "../certificate/validate-certificate-pair";
import { type Surroundings } from "../kubernetes/surroundings";

const PAIR = ["certificatePem", "privateKeyPem"] as const;

/** Without v1's certificate both of the pair are required. */
export function neededUnlessTakenOver(path: string, pem: unknown, ssl: Arguments): ArgumentError[] {
  if (!isUnset(pem) || ssl["takeOverLegacyCertificate"] === true) return [];
  return [{ path, reason: "is required: it is missing" }];
}

/** With v1's certificate neither of the pair may be given. */
export function inPlaceOfPair(path: string, isTaken: unknown, ssl: Arguments): ArgumentError[] {
  const given = PAIR.filter((name) => !isUnset(ssl[name]));
  if (isTaken !== true || given.length === 0) return [];
  const names = given.map((name) => pathTo("ssl", name)).join(" and ");
  return [{ path, reason: `takes v1's certificate, so ${names} must be left out` }];
}

/** The pair that is given: it fits together, the name and the time. */
export function validatePair(
  _path: string,
  ssl: unknown,
  _router: Arguments,
  { now }: Surroundings,
): ArgumentError[] {
  if (!isRecord(ssl) || ssl["takeOverLegacyCertificate"] === true) return [];
  const known = (name: string): string | undefined => {
    const value = ssl[name];
    return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
  };
  return validateCertificatePair(
    known("cname"),
    known("certificatePem"),
    known("privateKeyPem"),
    now,
  );
}
