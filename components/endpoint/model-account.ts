// The ServiceAccount of an endpoint whose pods are a managed identity and have no account of the user's.
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ENDPOINT_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";
import { type CompleteVersion } from "./complete-version";

/** What Azure's webhook reads of an account: the client id of its managed identity. */
const CLIENT_ID_ANNOTATION = "azure.workload.identity/client-id";

/** Whether the version's pods use the endpoint's own account. */
export function usesOwnAccount(args: EndpointVersionArgs): boolean {
  return args.workloadIdentityClientId !== undefined && args.serviceAccountName === undefined;
}

/**
 * One account for all versions, named like the endpoint: a federated credential names it. It has the client id of the first
 * of the versions; each version's model has its own as a variable. None where no version needs it.
 */
export function createModelAccount(
  { endpoint: name, namespace }: { endpoint: string; namespace: pulumi.Input<string> },
  versions: readonly CompleteVersion[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const clientId = versions.find(({ args }) => usesOwnAccount(args))?.args.workloadIdentityClientId;
  if (clientId === undefined) return [];
  const account = new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: {
        name,
        namespace,
        labels: { [ENDPOINT_LABEL]: name },
        annotations: { [CLIENT_ID_ANNOTATION]: clientId as pulumi.Input<string> },
      },
      automountServiceAccountToken: false,
    },
    opts,
  );
  return [account];
}
