// Input errors of a v1 compute's TLS: a certificate of your own, a label whose certificate is Microsoft's, or none.
import { isOneOf, problem } from "./validate-compute";
import { isRecord } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { UNKNOWN } from "../../values/unknown";

const PAIR = ["cname", "certificatePem", "privateKeyPem"] as const;
const LABEL = ["leafDomainLabel", "overwriteExistingDomain"] as const;
const DOMAIN_NAME =
  /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i;
const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const CHOICE = 'cname, certificatePem and privateKeyPem, or leafDomainLabel, or status "Disabled"';

/** The problems, a sentence each, no key shown; unknown values pass (azureml-semantics, rows 11 to 13 and 71). */
export function validateComputeSsl(ssl: unknown, loadBalancerType: unknown): string[] {
  if (ssl === undefined || ssl === UNKNOWN) return [];
  if (!isRecord(ssl)) return [`ssl must be an object with ${CHOICE}: it is a ${typeof ssl}`];
  const given = Object.fromEntries(
    Object.entries(ssl).filter(([, value]) => value !== undefined && value !== null),
  );
  return [
    ...validateNames(given),
    ...validateWhole(given),
    ...validateValues(given),
    ...validateInternal(given, loadBalancerType),
  ];
}

function validateNames(ssl: JsonObject): string[] {
  const known: readonly string[] = ["status", ...PAIR, ...LABEL];
  return Object.keys(ssl)
    .filter((name) => !known.includes(name))
    .map((name) =>
      name === "renew"
        ? "ssl.renew can't be asked for: Azure Resource Manager's model has no such property"
        : `ssl.${name} is not an argument; there are ${known.join(", ")}`,
    );
}

function validateWhole(ssl: JsonObject): string[] {
  const pair = PAIR.filter((name) => name in ssl);
  const label = LABEL.filter((name) => name in ssl);
  const { status } = ssl;
  if (status === UNKNOWN) return [];
  if (status === "Disabled") {
    return [...pair, ...label].map(
      (name) => `ssl.${name} must be left out with ssl.status "Disabled"`,
    );
  }
  if (pair.length > 0 && label.length > 0) {
    const both = (names: readonly string[]) => names.map((name) => `ssl.${name}`).join(", ");
    return [`ssl must have ${CHOICE}: it has ${both(pair)} together with ${both(label)}`];
  }
  if (pair.length > 0) {
    return [
      ...PAIR.filter((name) => !(name in ssl)).map(
        (name) => `ssl.${name} is required beside ssl.${pair.join(" and ssl.")}: it is missing`,
      ),
      ...validateStatus(status, "Enabled", "a certificate of your own"),
    ];
  }
  if ("leafDomainLabel" in ssl) return validateStatus(status, "Auto", "leafDomainLabel");
  if (label.length > 0) {
    return ["ssl.overwriteExistingDomain must be left out without ssl.leafDomainLabel"];
  }
  return [`ssl must have ${CHOICE}: it has none of them`];
}

function validateStatus(status: unknown, legal: string, beside: string): string[] {
  if (status === undefined || status === legal) return [];
  return [`${problem("ssl.status", `"${legal}" or left out`, status)} beside ${beside}`];
}

function validateValues(ssl: JsonObject): string[] {
  const { status, cname, leafDomainLabel: label, overwriteExistingDomain: overwrite } = ssl;
  const sentences: string[] = [];
  const legal = isOneOf("Disabled", "Enabled", "Auto")(status);
  if (legal !== undefined && status !== undefined && status !== UNKNOWN) {
    sentences.push(problem("ssl.status", legal, status));
  }
  if (cname !== undefined && cname !== UNKNOWN) {
    const fits = typeof cname === "string" && DOMAIN_NAME.test(cname.replace(/^\*\./, ""));
    if (!fits) sentences.push(problem("ssl.cname", "a domain name with its domain", cname));
  }
  if (label !== undefined && label !== UNKNOWN) {
    const fits = typeof label === "string" && DNS_LABEL.test(label);
    const form =
      "1 to 63 lower-case letters, digits and dashes that start with a letter and end without a dash";
    if (!fits) sentences.push(problem("ssl.leafDomainLabel", form, label));
  }
  if (overwrite !== undefined && overwrite !== UNKNOWN && typeof overwrite !== "boolean") {
    sentences.push(problem("ssl.overwriteExistingDomain", "true or false", overwrite));
  }
  for (const name of ["certificatePem", "privateKeyPem"] as const) {
    const value = ssl[name];
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    sentences.push(`ssl.${name} must be a text in PEM: it is something else`);
  }
  return sentences;
}

function validateInternal(ssl: JsonObject, loadBalancerType: unknown): string[] {
  const has = ssl["leafDomainLabel"] !== undefined && loadBalancerType === "InternalLoadBalancer";
  if (!has) return [];
  return [
    'ssl.leafDomainLabel must be left out with loadBalancerType "InternalLoadBalancer": behind it only a ' +
      "certificate of your own is possible",
  ];
}
