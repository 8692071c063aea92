// The arguments of an AmlInferenceRouter (azureml-semantics 1.1 to 1.3; docs/arguments.md).
import {
  ClusterPurpose,
  ExternalTrafficPolicy,
  InsecureTraffic,
  LoadBalancerType,
} from "../../contracts/choices";
import { labelName, labels, quantities } from "../../kubernetes/core/argument-rules";
import { type ArgumentError, shown } from "../../values/argument-error";
import { boolean, choice, text, textLike } from "../../values/argument-rules";
import { object } from "../../values/object-rules";
import { type Arguments, type ArgumentTable, isUnset } from "../../values/argument-table";
import { UNKNOWN } from "../../values/unknown";
import { handOverTo } from "../kubernetes/hand-over";
import { kubeconfig } from "../kubernetes/kubeconfig";
import { type Surroundings } from "../kubernetes/surroundings";
import { ADMISSION_ARGUMENTS } from "./admission-arguments";
import { trustedProxies } from "./trusted-proxies";
import { excludesPair, requiredWithoutLegacy, validatePair } from "./validate-ssl";

/** A DNS name, as in certificates. */
const CNAME =
  /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i;

/** Azure's rule for the label of a public address (REST: PublicIPAddressDnsSettings.domainNameLabel). */
const LEAF_DOMAIN_LABEL = /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/;

export const SSL_ARGUMENTS = {
  cname: textLike("a domain name", CNAME, { required: true }),
  certificatePem: text({ secret: true, beside: requiredWithoutLegacy }),
  privateKeyPem: text({ secret: true, beside: requiredWithoutLegacy }),
  takeOverLegacyCertificate: boolean({ default: false, beside: excludesPair }),
  insecureTraffic: choice(Object.values(InsecureTraffic), { default: InsecureTraffic.Redirect }),
} as const satisfies ArgumentTable;

// learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
const PUBLIC_IP_NAME = /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,78}[_a-zA-Z0-9])?$/;
const GROUP_NAME = /^[-\w.()]{0,89}[-\w()]$/;

export const PUBLIC_IP_ARGUMENTS = {
  name: textLike("the name of a public IP address of Azure", PUBLIC_IP_NAME, { required: true }),
  resourceGroupName: textLike("the name of a resource group", GROUP_NAME, {}),
} as const satisfies ArgumentTable;

export const IMAGE_ARGUMENTS = {
  haproxy: text({}),
  node: text({}),
} as const satisfies ArgumentTable;

const containerResources = object({ requests: quantities, limits: quantities });

export const ROUTER_ARGUMENTS = {
  kubeconfig,
  clusterPurpose: choice(Object.values(ClusterPurpose), { default: ClusterPurpose.FastProd }),
  loadBalancerType: choice(Object.values(LoadBalancerType), { default: LoadBalancerType.PublicIp }),
  /** v1's name for the subnet of an internal load balancer (azureml-semantics, row 9). */
  loadBalancerSubnet: text({ default: "aks-subnet", beside: onlyInternal }),
  leafDomainLabel: textLike(
    "3 to 63 lower-case letters, digits and dashes, first a letter, last no dash",
    LEAF_DOMAIN_LABEL,
    { beside: onlyPublic },
  ),
  publicIp: object(PUBLIC_IP_ARGUMENTS, { beside: onlyPublic }),
  externalTrafficPolicy: choice(Object.values(ExternalTrafficPolicy), {
    default: ExternalTrafficPolicy.Cluster,
  }),
  ssl: object<Surroundings>(SSL_ARGUMENTS, { beside: validatePair }),
  trustedProxies,
  ...ADMISSION_ARGUMENTS,
  removeLegacyRouter: boolean({ default: false }),
  namespace: labelName({ default: "aml-inference" }),
  images: object(IMAGE_ARGUMENTS),
  resources: object({
    haproxy: containerResources,
    agent: containerResources,
    autoscaler: containerResources,
  }),
  tags: labels,
  handOverTo,
} as const satisfies ArgumentTable<Surroundings>;

function onlyInternal(path: string, subnet: unknown, router: Arguments): ArgumentError[] {
  const { loadBalancerType: type } = router;
  const { PublicIp, InternalLoadBalancer } = LoadBalancerType;
  // An Output may turn out to be undefined.
  if (isUnset(subnet) || subnet === UNKNOWN) return [];
  if (type === UNKNOWN || type === InternalLoadBalancer) return [];
  const reason = `needs loadBalancerType ${InternalLoadBalancer}: it is ${shown(type ?? PublicIp)}`;
  return [{ path, reason }];
}

function onlyPublic(path: string, label: unknown, router: Arguments): ArgumentError[] {
  const { loadBalancerType: type } = router;
  if (isUnset(label) || label === UNKNOWN || type !== LoadBalancerType.InternalLoadBalancer)
    return [];
  return [
    { path, reason: `needs loadBalancerType ${LoadBalancerType.PublicIp}: it is ${shown(type)}` },
  ];
}
