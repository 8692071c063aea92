// The identity that a cluster acts with, and the rights that it needs before the cluster is created.
import type * as pulumi from "@pulumi/pulumi";
import { parseAzureId, PRIVATE_DNS_ZONE } from "../../azure/core/azure-id";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { type ClusterSubnets } from "./cluster-network";
import { createIdentity, grant } from "./cluster-rights";
import { declareFrom, isLate } from "./given-late";

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
  /** Owner of the role assignments. */
  readonly mark: string;
  readonly subscriptionId: pulumi.Input<string>;
  readonly subnets: ClusterSubnets;
}

/** Whether roles may be assigned: ids of roles and subnets have the subscription. */
export function assignsRoles(args: AmlAksClusterArgs): boolean {
  const { network, containerRegistryIds, kubeletIdentityId, privateDnsZone } = args;
  return [network, containerRegistryIds, kubeletIdentityId, privateDnsZone].some(
    (each) => each !== undefined,
  );
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
  const rights = assignRights(asked, () => identity.principalId(), opts);
  return { identityId: identity.resource.id, rights };
}

function assignRights(
  { component, name, args, mark, subscriptionId, subnets }: Asked,
  principalId: () => pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): Rights {
  const assign = (
    use: string,
    role: Parameters<typeof grant>[1],
    scope: pulumi.Input<string>,
  ): pulumi.Resource =>
    grant(`${name}-${use}`, role, scope, principalId(), subscriptionId, mark, opts);

  const ofSubnets = declareFrom(component, "network", args.network, (network) => {
    const { subnetName, loadBalancerSubnetName: front } = network;
    return [
      assign("node-subnet", "networkContributor", subnets.subnet(network, subnetName)),
      ...(front === undefined
        ? []
        : [assign("load-balancer-subnet", "networkContributor", subnets.subnet(network, front))]),
      // AKS links a zone of the program's own with the network.
      ...(isOwnZone(args.privateDnsZone)
        ? [assign("network", "networkContributor", subnets.virtualNetwork(network))]
        : []),
    ];
  });
  const ofZone = declareFrom(component, "privateDnsZone", args.privateDnsZone, (zone) =>
    parseAzureId(zone, PRIVATE_DNS_ZONE) === undefined
      ? []
      : [assign("private-dns-zone", "privateDnsZoneContributor", zone)],
  );
  const ofKubelet =
    args.kubeletIdentityId === undefined
      ? []
      : [assign("kubelet-identity", "managedIdentityOperator", args.kubeletIdentityId)];
  return together([ofSubnets, ofZone, ofKubelet]);
}

function isOwnZone(zone: pulumi.Input<string> | undefined): boolean {
  return zone !== undefined && (isLate(zone) || !["system", "none"].includes(zone as string));
}

function together(all: readonly Rights[]): Rights {
  const plain = all.flatMap((each) => (each instanceof Promise ? [] : each));
  const late = all.filter((each) => each instanceof Promise);
  if (late.length === 0) return plain;
  return Promise.all(late).then((each) => [...plain, ...each.flat()]);
}
