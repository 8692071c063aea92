// A stand-in Azure with a workspace and a cluster, and WorkspaceCompute's operations on it, in this process.
import assert from "node:assert/strict";
import { type PipelinePolicy } from "@azure/core-rest-pipeline";
import { type AccessToken } from "@azure/identity";
import { type WorkspaceComputeInputs } from "../../validation/compute/compute-settings";
import {
  WorkspaceComputeOperations,
  type WorkspaceComputeOutputs,
} from "../../provider/workspace-compute/operations";
import {
  valueAt,
  withValueAt,
  type StoredResource,
  type Azure,
  type AzureOptions,
  startAzure,
} from "../../tools/standins/azure";

export const SUBSCRIPTION = "00000000-1111-2222-3333-444444444444";
export const OTHER_SUBSCRIPTION = "99999999-1111-2222-3333-444444444444";
export const COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes";
const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const WORKSPACES = "Microsoft.MachineLearningServices/workspaces";

export const groupIn = (subscription: string) =>
  `/subscriptions/${subscription}/resourceGroups/models`;
export const workspaceIn = (subscription: string, name = "ws") =>
  `${groupIn(subscription)}/providers/${WORKSPACES}/${name}`;
export const clusterIn = (subscription: string, name = "prod") =>
  `${groupIn(subscription)}/providers/${CLUSTERS}/${name}`;
export const workspaceId = workspaceIn(SUBSCRIPTION);
export const clusterId = clusterIn(SUBSCRIPTION);

/** What every program gives. */
export const basics = { workspaceId, clusterId, computeName: "aks-prod" };

export interface World {
  readonly azure: Azure;
  readonly operations: WorkspaceComputeOperations;
  /** What the user was told. */
  readonly lines: string[];
  /** A run of its own: nothing shared but Azure, its calls through the policy. */
  another(policy?: PipelinePolicy): WorkspaceComputeOperations;
  /** Empties Azure but for the groups, workspaces and clusters. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Azure with a group, a workspace and two clusters in each of two subscriptions.
 * @param getToken default: Azure gives one to everybody
 */
export async function openWorld(
  options: AzureOptions = {},
  getToken?: () => Promise<AccessToken>,
): Promise<World> {
  const azure = await startAzure({ silenceMs: 2, ...options });
  const seconds = (ms: number) => azure.clock.advance(ms / 1000);
  const lines: string[] = [];
  const another = (policy?: PipelinePolicy) =>
    new WorkspaceComputeOperations({
      clock: {
        now: () => azure.clock.now(),
        sleep: async (ms) => {
          seconds(ms);
          await Promise.resolve();
        },
      },
      print: (line) => lines.push(line),
      silenceMs: 100,
      variable: (name) => (name === "AML_INFERENCE_AZURE_ENDPOINT" ? azure.endpoint : undefined),
      client: {
        tlsOptions: { ca: azure.certificatePem },
        additionalPolicies: policy === undefined ? [] : [{ policy, position: "perRetry" }],
        retryOptions: { maxRetries: 5, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
      },
      signIn: () => ({
        getToken:
          getToken ??
          (() =>
            Promise.resolve({
              token: azure.issueToken(),
              expiresOnTimestamp: Date.now() + 3.6e6,
            })),
      }),
    });
  const reset = () => {
    azure.store.restore({ nowMs: 0, writes: 0, resources: [], operations: [] });
    for (const subscription of [SUBSCRIPTION, OTHER_SUBSCRIPTION]) fill(azure, subscription);
    // Lists lag behind by some seconds.
    azure.clock.advance(60);
    azure.faults.set([]);
    lines.length = 0;
  };
  reset();
  return { azure, lines, operations: another(), another, reset, close: () => azure.close() };
}

function fill({ store, clock }: Azure, subscription: string): void {
  const put = (id: string, type: string) =>
    store.put(
      id,
      type,
      { location: "westeurope", properties: { provisioningState: "Succeeded" } },
      clock.now(),
    );
  put(groupIn(subscription), "Microsoft.Resources/resourceGroups");
  put(workspaceIn(subscription), WORKSPACES);
  put(clusterIn(subscription), CLUSTERS);
  put(clusterIn(subscription, "other"), CLUSTERS);
}

/** Puts a compute there as it was before this package came, and lets lists catch up. */
export function plantCompute(
  { azure }: World,
  properties: object,
  { name = "aks-prod", workspace = workspaceId }: { name?: string; workspace?: string } = {},
): void {
  const body = {
    location: "westeurope",
    properties: {
      provisioningState: "Succeeded",
      isAttachedCompute: true,
      createdOn: new Date(azure.clock.now()).toISOString(),
      resourceId: clusterId,
      ...properties,
    },
  };
  azure.store.put(`${workspace}/computes/${name}`, COMPUTES, body, azure.clock.now());
  azure.clock.advance(60);
}

/** Changes a compute as somebody else would. */
export function edit({ azure }: World, path: string, value: unknown, name = "aks-prod"): void {
  const id = `${workspaceId}/computes/${name}`;
  const live = azure.store.get(id);
  assert.ok(live);
  azure.store.put(id, COMPUTES, withValueAt(live.body, path, value), azure.clock.now());
}

/** The computes that hold the cluster, in all workspaces. */
export function attachments({ azure }: World, cluster = clusterId): StoredResource[] {
  azure.store.settle(azure.clock.now());
  return azure.store
    .list(COMPUTES)
    .filter(({ body }) => valueAt(body, "properties.resourceId") === cluster);
}

/** What `check` makes of arguments that are legal. */
export async function inputsOf(
  operations: WorkspaceComputeOperations,
  args: object = {},
): Promise<WorkspaceComputeInputs> {
  const { inputs, failures } = await operations.check({}, { ...basics, ...args });
  assert.deepEqual(failures, []);
  return inputs;
}

/** Creates, as `pulumi up` would. */
export async function create(
  { operations }: World,
  args: object = {},
): Promise<WorkspaceComputeOutputs> {
  return (await operations.create(await inputsOf(operations, args))).outs;
}

/** One further `up`: nothing, or an update. */
export async function upAgain(
  { operations }: World,
  olds: WorkspaceComputeOutputs,
  args: object = {},
): Promise<{ readonly changed: boolean; readonly outs: WorkspaceComputeOutputs }> {
  const news = await inputsOf(operations, args);
  const diff = await operations.diff(olds.computeId, olds, news);
  assert.deepEqual(diff.replaces ?? [], []);
  if (!diff.changes) return { changed: false, outs: olds };
  const { outs } = await operations.update(olds.computeId, olds, news);
  return { changed: true, outs };
}
