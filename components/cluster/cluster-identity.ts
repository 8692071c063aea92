// The identity that a cluster acts with, and the rights that it needs before the cluster is created.
import * as pulumi from "@pulumi/pulumi";
import { parseAzureId, PRIVATE_DNS_ZONE } from "../../azure/core/azure-id";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { type ClusterSubnets } from "./cluster-network";
import { createIdentity, grantEach, type KnownScope, knownScopes } from "./cluster-rights";
import { poolsIn, systemPoolOf } from "./core/plan-write";
import { declareFrom } from "./given-late";
import { isLater } from "../engine/inputs";
import { type ClusterNames, type LookUpCluster } from "./io/look-up-cluster";
import { plainValue } from "../engine/plain-value";
import { hasUnknown } from "../../values/unknown";

type Rights = readonly pulumi.Resource[] | Promise<readonly pulumi.Resource[]>;

export interface ClusterIdentity {
  readonly identityId: pulumi.Input<string>;
  /** Role assignments that the cluster's creation needs. */
  readonly rights: Rights;
}

interface Asked {
  readonly component: pulumi.Resource;
  readonly name: string;
  readonly args: AmlAksClusterArgs;
  readonly lookUp: LookUpCluster;
  readonly subscriptionId: pulumi.Input<string>;
  readonly subnets: ClusterSubnets;
}

/** Whether roles may be assigned: ids of roles and subnets have the subscription. */
export function assignsRoles(args: AmlAksClusterArgs): boolean {
  return args.containerRegistryIds !== undefined || needsRight(args);
}

/** Whether the cluster's identity needs a right. */
function needsRight({ network, kubeletIdentityId, privateDnsZone }: AmlAksClusterArgs): boolean {
  return [network, kubeletIdentityId, privateDnsZone].some((each) => each !== undefined);
}

/**
 * The program's own identity, as it is: whoever made it assigned its rights. Otherwise a new identity, with the rights
 * that AKS asks for (learn.microsoft.com/azure/aks/use-managed-identity, …/private-clusters).
 */
export function clusterIdentity(
  asked: Asked,
  place: Parameters<typeof createIdentity>[1],
  opts: pulumi.CustomResourceOptions,
): ClusterIdentity {
  const { identityId } = asked.args;
  if (identityId !== undefined) return { identityId, rights: [] };
  const identity = createIdentity(asked.name, place, opts);
  const needsRights = needsRight(asked.args);
  const rights = needsRights ? assignRights(asked, place, identity.principalId(), opts) : [];
  return { identityId: identity.resource.id, rights };
}

async function assignRights(
  { component, name, args, lookUp, subscriptionId, subnets }: Asked,
  { resourceGroupName, clusterName }: Parameters<typeof createIdentity>[1],
  principalId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): Promise<readonly pulumi.Resource[]> {
  const { network, privateDnsZone, kubeletIdentityId } = args;
  const needed = await Promise.all([
    declareFrom(component, "network", network, (given) =>
      [given.subnetName, given.loadBalancerSubnetName].flatMap((each) =>
        each === undefined ? [] : [subnets.subnet(given, each)],
      ),
    ),
    // AKS links a zone of the program's own with the network.
    declareFrom(component, "network", isOwnZone(privateDnsZone) ? network : undefined, (given) => [
      subnets.virtualNetwork(given),
    ]),
    declareFrom(component, "privateDnsZone", privateDnsZone, (zone) =>
      parseAzureId(zone, PRIVATE_DNS_ZONE) === undefined ? [] : [zone],
    ),
  ]);
  const [ofSubnets, ofNetwork, ofZone] = needed;
  const ofKubelet = kubeletIdentityId === undefined ? [] : [kubeletIdentityId];
  const live =
    ofSubnets.length === 0
      ? []
      : await systemSubnet({ resourceGroupName, resourceName: clusterName }, lookUp);
  const assign = async (
    use: string,
    role: Parameters<typeof grantEach>[3]["role"],
    scopes: readonly pulumi.Input<string>[],
    more: readonly KnownScope[] = [],
  ) => {
    const known = knownScopes(scopes).then((all) => [...all, ...more]);
    const grant = { role, principalId, subscriptionId, isOwnIdentity: true };
    return grantEach(name, use, known, grant, opts);
  };
  const assigned = await Promise.all([
    assign("subnet", "networkContributor", ofSubnets, live),
    assign("network", "networkContributor", ofNetwork),
    assign("zone", "privateDnsZoneContributor", ofZone),
    assign("kubelet", "managedIdentityOperator", ofKubelet),
  ]);
  return assigned.flat();
}

/** The subnet of the system pool, which never moves: its nodes need the right as long as the cluster is there. */
async function systemSubnet(
  cluster: Readonly<Record<keyof ClusterNames, pulumi.Input<string>>>,
  lookUp: LookUpCluster,
): Promise<readonly KnownScope[]> {
  const named = await plainValue(pulumi.output({ ...cluster }));
  if (hasUnknown(named)) return [];
  const live = await lookUp(named as ClusterNames).catch(() => undefined);
  const id = systemPoolOf(poolsIn({ ...live }))?.["vnetSubnetID"];
  return typeof id === "string" ? [{ id, scope: id }] : [];
}

function isOwnZone(zone: pulumi.Input<string> | undefined): boolean {
  return zone !== undefined && (isLater(zone) || !["system", "none"].includes(zone));
}
