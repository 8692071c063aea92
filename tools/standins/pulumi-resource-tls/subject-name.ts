/** A program's `subject` as an X.500 name, in the order in which the vendor's plugin writes it. */
import { type JsonName, Name } from "@peculiar/x509";
import { isRecord } from "../property-value";

/** Attribute types: names that the X.509 library knows, else object identifiers (RFC 4519). */
const attributes: readonly (readonly [member: string, type: string])[] = [
  ["country", "C"],
  ["province", "ST"],
  ["locality", "L"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["organization", "O"],
  ["organizationalUnit", "OU"],
  ["commonName", "CN"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "E"],
];

/** The name; empty when the subject is absent or has no member. */
export function subjectName(subject: unknown): Name {
  if (!isRecord(subject)) return new Name([]);
  const name: JsonName = [];
  for (const [member, type] of attributes) {
    const value = subject[member];
    const values = Array.isArray(value) ? value : [value];
    for (const item of values) {
      if (typeof item === "string" && item !== "") name.push({ [type]: [item] });
    }
  }
  return new Name(name);
}
