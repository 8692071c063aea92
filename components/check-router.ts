// What is wrong with the arguments of an AmlInferenceRouter: every problem at once.
import { type ArgumentProblem, shown } from "../provider/core/argument-problem";
import { checkKubeconfig } from "./check-kubeconfig";
import { checkSsl } from "./check-ssl";
import { checkLeafDomainLabel } from "./leaf-domain";
import { checkNamespace } from "./names";
import { isRecord } from "../provider/core/is-record";
import { checkBoolean, checkChoice, checkNames, checkText, checkTexts } from "./plain-values";
import { ClusterPurpose, LoadBalancerType } from "./aml-inference-router-args";
import { UNKNOWN } from "../provider/core/unknown";

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
export function checkRouter(
  _name: string,
  router: Readonly<Record<string, unknown>>,
  now: Date,
): ArgumentProblem[] {
  return [
    ...checkNames("", router, ROUTER_ARGUMENTS),
    ...checkKubeconfig("kubeconfig", router["kubeconfig"]),
    ...checkChoice("clusterPurpose", router["clusterPurpose"], Object.values(ClusterPurpose)),
    ...checkChoice("loadBalancerType", router["loadBalancerType"], Object.values(LoadBalancerType)),
    ...checkSubnet(router["loadBalancerSubnet"], router["loadBalancerType"]),
    ...checkLeafDomainLabel(router["leafDomainLabel"], router["loadBalancerType"]),
    ...checkSsl(router["ssl"], now),
    ...checkBoolean("removeLegacyRouter", router["removeLegacyRouter"]),
    ...checkNamespace("namespace", router["namespace"]),
    ...checkMembers("images", router["images"], IMAGE_ARGUMENTS, (path, image) =>
      checkText(path, image, { optional: true }),
    ),
    ...checkResources(router["resources"]),
    ...checkTexts("tags", router["tags"], LABEL_KEY),
  ];
}

/** What can't change once the router exists. */
export function checkRouterChange(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  const [was, is] = [before, after].map((args) => args["namespace"] ?? DEFAULT_ROUTER_NAMESPACE);
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since the router and its address would be replaced: it was ${shown(was)} and is ${shown(is)}; declare a second router and remove this one later`;
  return [{ path: "namespace", reason }];
}

function checkSubnet(subnet: unknown, type: unknown): ArgumentProblem[] {
  const problems = checkText("loadBalancerSubnet", subnet, { optional: true });
  if (subnet === undefined || subnet === null || type === UNKNOWN) return problems;
  if (type === LoadBalancerType.InternalLoadBalancer) return problems;
  const reason = `needs loadBalancerType ${LoadBalancerType.InternalLoadBalancer}: it is ${shown(type ?? LoadBalancerType.PublicIp)}`;
  return [...problems, { path: "loadBalancerSubnet", reason }];
}

/** An object of which every member is judged by the same rule. */
function checkMembers(
  path: string,
  value: unknown,
  names: readonly string[],
  checkMember: (path: string, member: unknown) => ArgumentProblem[],
): ArgumentProblem[] {
  if (value === undefined || value === null || value === UNKNOWN) return [];
  if (!isRecord(value)) return [{ path, reason: `must be an object: it is ${shown(value)}` }];
  return [
    ...checkNames(path, value, names),
    ...names.flatMap((name) => checkMember(`${path}.${name}`, value[name])),
  ];
}

function checkResources(resources: unknown): ArgumentProblem[] {
  return checkMembers("resources", resources, RESOURCE_ARGUMENTS, (path, container) =>
    checkMembers(path, container, CONTAINER_RESOURCE_ARGUMENTS, (at, quantities) => {
      const problems = checkTexts(at, quantities, LABEL_KEY);
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
