/** What AKS refuses in a managed cluster. */
import { badRequest } from "../arm-error";
import { inlinePools } from "../cluster-bodies";
import { type JsonObject, objectAt, objectsAt, sameJson, textAt, valueAt } from "../json";
import type { Refusal } from "../rule";

const type = "Microsoft.ContainerService/managedClusters";
const REST = "learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update";

const clusterNameForm: Refusal = {
  name: "cluster-name-form",
  source:
    "@azure/arm-containerservice, `resourceName`: 1–63, ^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$",
  methods: ["PUT"],
  type,
  refuse: ({ request }) =>
    /^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(request.path.name ?? "")
      ? undefined
      : badRequest(
          "InvalidParameter",
          `The name of the managed cluster is invalid: '${request.path.name ?? ""}'. It must be 1 to 63 letters, digits, hyphens and underscores, and start and end with a letter or digit.`,
          "name",
        ),
};

const clusterIdentityGiven: Refusal = {
  name: "cluster-identity-given",
  source: `${REST}: a cluster needs an identity or a service principal`,
  methods: ["PUT"],
  type,
  refuse: ({ request }) =>
    (valueAt(request.body, "identity.type") ??
    valueAt(request.body, "properties.servicePrincipalProfile"))
      ? undefined
      : badRequest(
          "InvalidParameter",
          "Required parameter servicePrincipalProfile is missing (null).",
          "servicePrincipalProfile",
        ),
};

const clusterDnsPrefixGiven: Refusal = {
  name: "cluster-dns-prefix-given",
  source: `${REST}: dnsPrefix can't be updated once the cluster has been created; required unless fqdnSubdomain is given`,
  methods: ["PUT"],
  type,
  refuse: ({ request }) =>
    (valueAt(request.body, "properties.dnsPrefix") ??
    valueAt(request.body, "properties.fqdnSubdomain"))
      ? undefined
      : badRequest(
          "InvalidParameter",
          "Required parameter dnsPrefix is missing (null).",
          "dnsPrefix",
        ),
};

const clusterHasSystemPool: Refusal = {
  name: "cluster-has-system-pool",
  source: "learn.microsoft.com/azure/aks/use-system-pools: at least one system node pool",
  methods: ["PUT"],
  type,
  refuse({ request, existing }) {
    const pools = objectsAt(request.body, "properties.agentPoolProfiles");
    if (existing && pools.length === 0) return undefined;
    if (pools.some((pool) => pool["mode"] === "System")) return undefined;
    return badRequest(
      "InvalidParameter",
      "Must define at least one system pool.",
      "properties.agentPoolProfiles",
    );
  },
};

const newPoolRefused: Refusal = {
  name: "new-pool-refused",
  source:
    "github.com/pulumi/pulumi-azure-native/issues/579 and github.com/Azure/AKS/issues/4383: a cluster's PUT names the pools that exist only",
  methods: ["PUT"],
  type,
  refuse({ request, existing, store }) {
    if (!existing) return undefined;
    const isNew = ({ name }: { name: string }) =>
      store.get(`${existing.id}/agentPools/${name}`) === undefined;
    return inlinePools(request.body).some(isNew)
      ? badRequest(
          "BadRequest",
          "A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through managed cluster operations. For agent pool specific change, please use per agent pool operations: https://aka.ms/agent-pool-rest-api",
          "agentPoolProfiles",
        )
      : undefined;
  },
};

// https://learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update («can't be changed/updated once …»)
// and the replacement table that azure-native publishes (provider/pkg/gen/replacement.go).
const FIXED = [
  "dnsPrefix",
  "fqdnSubdomain",
  "nodeResourceGroup",
  "diskEncryptionSetID",
  "networkProfile.serviceCidr",
  "networkProfile.dnsServiceIP",
  "networkProfile.loadBalancerSku",
  "apiServerAccessProfile.enablePrivateCluster",
];

const clusterFixedProperties: Refusal = {
  name: "cluster-fixed-properties",
  source: `${REST} and error PropertyChangeNotAllowed`,
  methods: ["PUT"],
  type,
  refuse({ request, existing }) {
    const changed = FIXED.find((path) =>
      isChange(existing?.body, request.body, `properties.${path}`),
    );
    return changed === undefined ? undefined : changeRefused(`properties.${changed}`);
  },
};

const privateClusterRanges: Refusal = {
  name: "private-cluster-ranges",
  source:
    "learn.microsoft.com/azure/aks/private-clusters, «Limitations»: authorized IP ranges apply to public API servers only",
  methods: ["PUT"],
  type,
  refuse({ request }) {
    const access = objectAt(request.body, "properties.apiServerAccessProfile");
    const ranges = access["authorizedIPRanges"];
    if (access["enablePrivateCluster"] !== true || !Array.isArray(ranges) || ranges.length === 0) {
      return undefined;
    }
    return badRequest(
      "BadRequest",
      "Private cluster cannot be enabled with authorized IP ranges.",
      "properties.apiServerAccessProfile.authorizedIPRanges",
    );
  },
};

const outboundNeedsSubnet: Refusal = {
  name: "outbound-needs-subnet",
  source:
    "learn.microsoft.com/azure/aks/egress-outboundtype: userDefinedRouting and userAssignedNATGateway need a subnet of the user's own",
  methods: ["PUT"],
  type,
  refuse({ request }) {
    const outbound = textAt(request.body, "properties.networkProfile.outboundType") ?? "";
    if (!["userDefinedRouting", "userAssignedNATGateway"].includes(outbound)) return undefined;
    const pools = objectsAt(request.body, "properties.agentPoolProfiles");
    if (pools.length === 0 || pools.every((pool) => pool["vnetSubnetID"] !== undefined)) {
      return undefined;
    }
    return badRequest(
      "InvalidParameter",
      `OutboundType ${outbound} can not be combined with a managed VNet: every agent pool needs vnetSubnetID.`,
      "properties.networkProfile.outboundType",
    );
  },
};

/** True when a value was set, is set again, and is another. */
export function isChange(
  before: JsonObject | undefined,
  wanted: JsonObject,
  path: string,
): boolean {
  const old = valueAt(before, path);
  const asked = valueAt(wanted, path);
  if (before === undefined || asked === undefined || asked === null) return false;
  if (typeof old === "string" && typeof asked === "string") {
    return old.toLowerCase() !== asked.toLowerCase();
  }
  return !sameJson(old ?? undefined, asked) && !(old === undefined && asked === false);
}

/** The refusal of a change that AKS can't make. */
export function changeRefused(path: string) {
  return badRequest(
    "PropertyChangeNotAllowed",
    `Changing property '${path}' is not allowed.`,
    path,
  );
}

export const managedClusterRules: readonly Refusal[] = [
  clusterNameForm,
  clusterIdentityGiven,
  clusterDnsPrefixGiven,
  clusterHasSystemPool,
  newPoolRefused,
  clusterFixedProperties,
  privateClusterRanges,
  outboundNeedsSubnet,
];
