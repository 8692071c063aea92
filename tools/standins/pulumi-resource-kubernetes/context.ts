/** What every method of the plugin works with once the provider is configured. */
import { type EngineLog, uniqueName } from "../resource-plugin";
import { requestedFieldManager } from "./core/annotations";
import type { KubeObject } from "./core/kube-object";
import type { ProviderConfig } from "./core/provider-config";
import type { Cluster } from "./io/cluster";
import type { DynamicClient } from "./io/dynamic-client";

export interface PluginContext {
  readonly config: ProviderConfig;
  readonly cluster: Cluster;
  readonly log: EngineLog;
  /** The user's cancel. */
  readonly signal: AbortSignal;
}

/** The cluster's client. Throws a sentence when the cluster can't be used. */
export function requireClient(context: PluginContext): DynamicClient {
  if (context.cluster.reachable) return context.cluster.client;
  throw new Error(`configured Kubernetes cluster is unreachable: ${context.cluster.reason}`);
}

/** What a read or delete says without a cluster: why, and how to give the resource up. */
export function unreachableError(what: string, reason: string): Error {
  return new Error(
    `${what}: the configured Kubernetes cluster is unreachable: ${reason}. If the cluster was deleted, ` +
      `you can remove this resource from Pulumi state by rerunning the operation with the ` +
      `PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"`,
  );
}

/** The field manager for an object: what the program asks for, what it had before, or a new one. */
export function fieldManagerOf(inputs: KubeObject, former: string | undefined): string {
  const none = new Uint8Array();
  return requestedFieldManager(inputs) ?? former ?? uniqueName("pulumi-kubernetes-", none);
}
