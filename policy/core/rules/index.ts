// All policies by name, in the order in which they are documented.
import { type Rule } from "../rule";
import * as cluster from "./cluster-rules";
import * as endpoint from "./endpoint-rules";
import * as image from "./image-rules";
import * as router from "./router-rules";
import * as stack from "./stack-rules";
import * as workload from "./workload-rules";

export const RULES = {
  "cluster-purpose": cluster.clusterPurpose,
  "cluster-floor": cluster.clusterFloor,
  "api-server-access": cluster.apiServerAccess,
  "local-accounts": cluster.localAccounts,
  "allowed-regions": cluster.allowedRegions,
  "allowed-vm-sizes": cluster.allowedVmSizes,
  "deletion-protection": cluster.deletionProtection,
  "required-tags": cluster.requiredTags,
  "public-tls": router.publicTls,
  "certificate-lifetime": router.certificateLifetime,
  "endpoint-authentication": router.endpointAuthentication,
  "public-endpoint-keys": router.publicEndpointKeys,
  "allowed-registries": image.allowedRegistries,
  "immutable-images": image.immutableImages,
  "image-findings": image.imageFindings,
  "resource-limits": workload.resourceLimits,
  "secret-variables": workload.secretVariables,
  "replica-bounds": endpoint.replicaBounds,
  "production-replicas": endpoint.productionReplicas,
  "traffic-step": endpoint.trafficStep,
  "monthly-cost": stack.monthlyCost,
  "cluster-capacity": stack.clusterCapacity,
  "unique-endpoint-names": stack.uniqueEndpointNames,
  "endpoint-routes": stack.endpointRoutes,
  "no-other-autoscaler": stack.noOtherAutoscaler,
} as const satisfies Readonly<Record<string, Rule>>;

export type PolicyName = keyof typeof RULES;

export const POLICY_NAMES = Object.keys(RULES) as readonly PolicyName[];
