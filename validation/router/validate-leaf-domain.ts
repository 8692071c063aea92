// What is wrong with the label of the router's public name.
import { LoadBalancerType } from "../../contracts/choices";
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { validateText } from "../../values/plain-values";
import { UNKNOWN } from "../../values/unknown";

/** Azure's rule for the label of a public address (REST: PublicIPAddressDnsSettings.domainNameLabel). */
const LABEL = /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/;

/** Problems of a router's `leafDomainLabel`. */
export function validateLeafDomainLabel(label: unknown, type: unknown): ArgumentProblem[] {
  if (label === undefined || label === null) return [];
  const path = "leafDomainLabel";
  const problems = validateText(path, label);
  if (typeof label === "string" && label !== "" && label !== UNKNOWN && !LABEL.test(label)) {
    const legal = "3 to 63 lower-case letters, digits and dashes, first a letter, last no dash";
    problems.push({ path, reason: `must be ${legal}: it is ${shown(label)}` });
  }
  if (type === LoadBalancerType.InternalLoadBalancer) {
    const reason = `needs loadBalancerType ${LoadBalancerType.PublicIp}: it is ${shown(type)}`;
    problems.push({ path, reason });
  }
  return problems;
}
