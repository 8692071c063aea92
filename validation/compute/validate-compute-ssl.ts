// Validates a v1 compute's TLS settings: the user's certificate, a leaf domain label with Microsoft's certificate, or none.
import { type ArgumentError, shown } from "../../values/argument-error";
import { type Arguments, isUnset } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";

const PAIR = ["cname", "certificatePem", "privateKeyPem"] as const;
const LABEL = ["leafDomainLabel", "overwriteExistingDomain"] as const;
const CHOICE = 'cname, certificatePem and privateKeyPem, or leafDomainLabel, or status "Disabled"';

/** Errors unless one of the three is complete and possible with the load balancer (azureml-semantics, rows 11 to 13 and 71). */
export function validateSslChoice(
  path: string,
  ssl: unknown,
  { loadBalancerType }: Arguments,
): ArgumentError[] {
  if (!isRecord(ssl)) return [];
  const internal =
    !isUnset(ssl["leafDomainLabel"]) && loadBalancerType === "InternalLoadBalancer"
      ? [
          error(
            "ssl.leafDomainLabel",
            'must be left out with loadBalancerType "InternalLoadBalancer": behind it only a certificate of your own is possible',
          ),
        ]
      : [];
  return [...validateComplete(path, ssl), ...internal];
}

function validateComplete(path: string, ssl: Arguments): ArgumentError[] {
  const isGiven = (name: string) => !isUnset(ssl[name]);
  const pair = PAIR.filter(isGiven).map((name) => `ssl.${name}`);
  const label = LABEL.filter(isGiven).map((name) => `ssl.${name}`);
  const { status } = ssl;
  if (status === UNKNOWN) return [];
  if (status === "Disabled") {
    return [...pair, ...label].map((at) =>
      error(at, 'must be left out with ssl.status "Disabled"'),
    );
  }
  if (pair.length > 0 && label.length > 0) {
    const both = `${pair.join(", ")} together with ${label.join(", ")}`;
    return [error(path, `must have ${CHOICE}: it has ${both}`)];
  }
  if (pair.length > 0) {
    const missing = PAIR.filter((name) => !isGiven(name)).map((name) =>
      error(`ssl.${name}`, `is required together with ${pair.join(" and ")}: it is missing`),
    );
    return [...missing, ...validateStatus(status, "Enabled", "a certificate of your own")];
  }
  if (isGiven("leafDomainLabel")) return validateStatus(status, "Auto", "leafDomainLabel");
  if (label.length > 0) {
    return [error("ssl.overwriteExistingDomain", "must be left out without ssl.leafDomainLabel")];
  }
  return [error(path, `must have ${CHOICE}: it has none of them`)];
}

function validateStatus(status: unknown, legal: string, beside: string): ArgumentError[] {
  if (isUnset(status) || status === legal) return [];
  const reason = `must be "${legal}" or left out: it is ${shown(status)} beside ${beside}`;
  return [error("ssl.status", reason)];
}

function error(path: string, reason: string): ArgumentError {
  return { path, reason };
}
