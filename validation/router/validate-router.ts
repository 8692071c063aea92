// What is wrong with the arguments of an AmlInferenceRouter: every problem at once.
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { validateKubeconfig } from "../kubernetes/validate-kubeconfig";
import { validateSsl } from "./validate-ssl";
import { validateLeafDomainLabel } from "./validate-leaf-domain";
import { validateNamespace } from "../kubernetes/validate-namespace";
import { isRecord } from "../../values/is-record";
import {
  validateBoolean,
  validateChoice,
  validateNames,
  validateText,
  validateTexts,
} from "../../values/plain-values";
import { ClusterPurpose, LoadBalancerType } from "../../contracts/choices";
import { UNKNOWN } from "../../values/unknown";

/** Namespace of a router that names none. */
export const DEFAULT_ROUTER_NAMESPACE = "aml-inference";

/** Arguments of a router. */
export const ROUTER_ARGUMENTS = [
  "kubeconfig",
  "clusterPurpose",
  "loadBalancerType",
  "loadBalancerSubnet",
  "leafDomainLabel",
  "ssl",
  "removeLegacyRouter",
  "namespace",
  "images",
  "resources",
  "tags",
] as const;
const IMAGE_ARGUMENTS = ["haproxy", "node"] as const;
const RESOURCE_ARGUMENTS = ["haproxy", "agent", "autoscaler"] as const;
const CONTAINER_RESOURCE_ARGUMENTS = ["requests", "limits"] as const;

/** A Kubernetes quantity of cores or bytes. */
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;
/** Labels of Kubernetes. */
const LABEL_KEY = /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;

/**
 * Every problem of a router's arguments; empty when they are legal. Rules: azureml-semantics 1.1 to 1.3.
 * @param now the certificate must be valid at this time.
 */
export function validateRouter(
  _name: string,
  router: Readonly<Record<string, unknown>>,
  now: Date,
): ArgumentProblem[] {
  return [
    ...validateNames("", router, ROUTER_ARGUMENTS),
    ...validateKubeconfig("kubeconfig", router["kubeconfig"]),
    ...validateChoice("clusterPurpose", router["clusterPurpose"], Object.values(ClusterPurpose)),
    ...validateChoice(
      "loadBalancerType",
      router["loadBalancerType"],
      Object.values(LoadBalancerType),
    ),
    ...validateSubnet(router["loadBalancerSubnet"], router["loadBalancerType"]),
    ...validateLeafDomainLabel(router["leafDomainLabel"], router["loadBalancerType"]),
    ...validateSsl(router["ssl"], now),
    ...validateBoolean("removeLegacyRouter", router["removeLegacyRouter"]),
    ...validateNamespace("namespace", router["namespace"]),
    ...validateMembers("images", router["images"], IMAGE_ARGUMENTS, (path, image) =>
      validateText(path, image, { optional: true }),
    ),
    ...validateResources(router["resources"]),
    ...validateTexts("tags", router["tags"], LABEL_KEY),
  ];
}

/** What can't change once the router exists. */
export function validateRouterChange(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  const [was, is] = [before, after].map((args) => args["namespace"] ?? DEFAULT_ROUTER_NAMESPACE);
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since the router and its address would be replaced: it was ${shown(was)} and is ${shown(is)}; declare a second router and remove this one later`;
  return [{ path: "namespace", reason }];
}

function validateSubnet(subnet: unknown, type: unknown): ArgumentProblem[] {
  const problems = validateText("loadBalancerSubnet", subnet, { optional: true });
  if (subnet === undefined || subnet === null || type === UNKNOWN) return problems;
  if (type === LoadBalancerType.InternalLoadBalancer) return problems;
  const reason = `needs loadBalancerType ${LoadBalancerType.InternalLoadBalancer}: it is ${shown(type ?? LoadBalancerType.PublicIp)}`;
  return [...problems, { path: "loadBalancerSubnet", reason }];
}

/** An object of which every member is judged by the same rule. */
function validateMembers(
  path: string,
  value: unknown,
  names: readonly string[],
  checkMember: (path: string, member: unknown) => ArgumentProblem[],
): ArgumentProblem[] {
  if (value === undefined || value === null || value === UNKNOWN) return [];
  if (!isRecord(value)) return [{ path, reason: `must be an object: it is ${shown(value)}` }];
  return [
    ...validateNames(path, value, names),
    ...names.flatMap((name) => checkMember(`${path}.${name}`, value[name])),
  ];
}

function validateResources(resources: unknown): ArgumentProblem[] {
  return validateMembers("resources", resources, RESOURCE_ARGUMENTS, (path, container) =>
    validateMembers(path, container, CONTAINER_RESOURCE_ARGUMENTS, (at, quantities) => {
      const problems = validateTexts(at, quantities, LABEL_KEY);
      if (problems.length > 0 || !isRecord(quantities)) return problems;
      return Object.entries(quantities).flatMap(([name, quantity]) => {
        if (typeof quantity !== "string" || quantity === UNKNOWN || QUANTITY.test(quantity)) {
          return [];
        }
        const reason = `must be a quantity such as 500m or 256Mi: it is ${shown(quantity)}`;
        return [{ path: `${at}.${name}`, reason }];
      });
    }),
  );
}
