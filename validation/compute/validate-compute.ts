// Validates the arguments of a WorkspaceCompute and reports all errors at once.
import { sameAzureId } from "../../azure/core/azure-id";
import { type ArgumentError, shown } from "../../values/argument-error";
import { type Arguments, validateArguments, validateNames } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { validateCertificatePair } from "../certificate/validate-certificate-pair";
import { COMPUTE_ARGUMENTS, OBJECT_ARGUMENTS, PLAIN_ARGUMENTS } from "./compute-arguments";
import { AKS_ONLY, type ComputeSettings, IDENTIFYING, KUBERNETES_ONLY } from "./compute-settings";

// Properties that the dynamic provider adds to the arguments.
const PROVIDER_PROPERTIES = [
  ...["__provider", "drift", "computeId", "provisioningState", "isAttachedCompute", "tlsDigest"],
];

/** All errors of a compute's arguments. Unknown values are not validated. Certificates must be valid at `now`. */
export function validateCompute(inputs: Arguments, now: Date): ArgumentError[] {
  const given = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !PROVIDER_PROPERTIES.includes(name)),
  );
  return [
    ...validateNames("", given, Object.keys(COMPUTE_ARGUMENTS)),
    ...validateArguments("", given, PLAIN_ARGUMENTS, undefined),
    ...validateType(given),
    ...validateArguments("", given, OBJECT_ARGUMENTS, undefined),
    ...validateSubnet(given),
    ...validateCertificate(given["ssl"], now),
  ];
}

/** Errors of changes that would detach a v1 compute or create one: Azure creates no v1 computes. */
export function validateComputeChange(
  olds: Partial<ComputeSettings>,
  news: Arguments,
): ArgumentError[] {
  const becomesAks = olds.computeType !== undefined && news["computeType"] === "AKS";
  if (olds.computeType !== "AKS" && !becomesAks) return [];
  return IDENTIFYING.flatMap((path) => {
    const [old, wanted] = [olds[path], news[path]];
    if (old === undefined || old === UNKNOWN || wanted === UNKNOWN || old === wanted) return [];
    if (typeof wanted === "string" && path !== "computeType" && sameAzureId(old, wanted)) return [];
    const reason =
      `can't be changed from "${old}" to ${shown(wanted)}: the compute would be detached, ` +
      "and Azure makes no new computes of type AKS; destroy this resource, which detaches it, and declare " +
      'another with computeType "Kubernetes"';
    return [{ path, reason }];
  });
}

function validateType(given: Arguments): ArgumentError[] {
  const type = given["computeType"];
  if (type !== "Kubernetes" && type !== "AKS") return [];
  const foreign: readonly string[] = type === "AKS" ? KUBERNETES_ONLY : AKS_ONLY;
  const why =
    type === "AKS"
      ? "only ssl and the load balancer of a v1 compute can change"
      : "only v1 computes have it";
  return foreign
    .filter((path) => given[path] !== undefined)
    .map((path) => ({ path, reason: `must be left out with computeType "${type}": ${why}` }));
}

function validateSubnet({ loadBalancerType: type, loadBalancerSubnet: subnet }: Arguments) {
  if (subnet === undefined || type === "InternalLoadBalancer" || type === UNKNOWN) return [];
  const rest = `it is ${shown(subnet)} with loadBalancerType ${shown(type)}`;
  const reason = `must be left out unless loadBalancerType is "InternalLoadBalancer": ${rest}`;
  return [{ path: "loadBalancerSubnet", reason }];
}

function validateCertificate(ssl: unknown, now: Date): ArgumentError[] {
  if (!isRecord(ssl)) return [];
  const knownString = (name: string) => {
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
