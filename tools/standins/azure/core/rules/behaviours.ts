/** Ways in which Resource Manager itself behaves, each of which can be switched off. */
import type { Behaviour } from "../rule";

const ASYNC = "learn.microsoft.com/azure/azure-resource-manager/management/async-operations";

export const behaviours = {
  tokenRequired: {
    name: "token-required",
    source:
      "learn.microsoft.com/rest/api/azure: every call has a bearer token; 401 AuthenticationFailed",
  },
  tokenExpires: {
    name: "token-expires",
    source:
      "learn.microsoft.com/azure/azure-resource-manager/troubleshooting: 401 ExpiredAuthenticationToken",
  },
  writesThrottled: {
    name: "writes-throttled",
    source:
      "learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling: a bucket of 200 writes, refilled by 10 a second; 429 with Retry-After",
  },
  workTakesTime: {
    name: "work-takes-time",
    source: `${ASYNC}: 201 or 202 with Azure-AsyncOperation, Location and Retry-After, provisioningState until then`,
  },
  newResourceUnknown: {
    name: "new-resource-unknown",
    source:
      "learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found: a resource made a moment ago may be answered with 404",
  },
  listLags: {
    name: "list-lags",
    source:
      "learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found: lists are served from a cache that lags behind",
  },
  assignmentsByScope: {
    name: "assignments-by-scope",
    source:
      "learn.microsoft.com/rest/api/authorization/role-assignments/list-for-scope: at, above and below the scope; $filter=atScope(), principalId eq, assignedTo()",
  },
  listsPaged: {
    name: "lists-paged",
    source:
      "@azure/arm-machinelearning 2.1.1: workspaces and computes are listed by page, with nextLink and $skip",
  },
  busyComputeSaysWhen: {
    name: "busy-compute-says-when",
    source:
      "@azure/core-lro 2.7.2, http/operation: whoever polls a resource itself is told by Retry-After when to come back",
  },
  secondAttachmentBreaksFirst: {
    name: "second-attachment-breaks-first",
    source:
      "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes, and github.com/MicrosoftDocs/azure-docs/issues/41778: attached under another name or workspace, the first attachment no longer works",
  },
  createdClusterDeleted: {
    name: "created-cluster-deleted",
    source:
      "azureml-core, azureml/core/compute/aks.py, delete(): underlyingResourceAction=Delete deletes the cluster that Azure ML created",
  },
  poolsStay: {
    name: "omitted-pools-stay",
    source:
      "class doc of azure-native's ManagedCluster: pools made as AgentPool are not removed by a cluster's update that does not name them",
  },
  inlinePoolsScaleTogether: {
    name: "inline-edit-touches-all-pools",
    source:
      "github.com/pulumi/pulumi-azure-native/issues/4264: editing one inline pool puts every pool into Scaling",
  },
  upgradeEndsLater: {
    name: "upgrade-ends-later",
    source:
      "learn.microsoft.com/azure/aks/upgrade-aks-cluster: currentKubernetesVersion and currentOrchestratorVersion say what runs, and follow when the upgrade has ended",
  },
  aksIdsLowerCase: {
    name: "aks-ids-lower-case",
    source:
      "github.com/pulumi/pulumi-azure-native/issues/1808 and 1298: ids in AKS's answers have resourcegroups in lower case, whatever was sent",
  },
  locationsNormalized: {
    name: "locations-normalized",
    source:
      "pulumi/pulumi-azure-native provider/pkg/provider/diff.go, normalizedLocation(): West Europe comes back as westeurope",
  },
  entraKubeconfig: {
    name: "entra-kubeconfig",
    source:
      "learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id: a user's kubeconfig asks kubelogin for a device login",
  },
  staticCredentialsRefused: {
    name: "static-credentials-refused",
    source:
      "learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad: listClusterAdminCredential is refused when local accounts are disabled",
  },
} as const satisfies Record<string, Behaviour>;
