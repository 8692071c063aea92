// Computes of Azure ML workspaces: reads, writes and detaches them, and finds them by cluster.
import {
  type AzureMachineLearningWorkspaces,
  type ComputeResource,
} from "@azure/arm-machinelearning";
import {
  type AzureId,
  MANAGED_CLUSTER,
  parseAzureId,
  sameAzureId,
  WORKSPACE,
} from "../../../azure/core/azure-id";
import { withoutNullMembers } from "../core/compare-compute";
import { type ComputeBody } from "../core/compute-body";
import {
  computeIdOf,
  type ComputeSettings,
  type LiveCompute,
} from "../../../validation/compute/compute-settings";
import { nameCompute, type OtherAttachment } from "../core/assess-compute";
import { type AzureConnection } from "../../../azure/io/azure-connection";
import { AzureError, isGone } from "../../../azure/io/azure-error";
import { followOperation } from "../../../azure/io/follow-operation";
import { type Report } from "../../../runtime/progress";

/** Number of workspaces whose computes are listed concurrently. */
const MAX_CONCURRENT = 8;

export class AzureComputes {
  readonly #workspace: AzureId;
  readonly #name: string;

  /** @param wanted settings whose ids `check` has validated */
  constructor(
    readonly azure: AzureConnection,
    readonly wanted: ComputeSettings,
  ) {
    this.#workspace = partsOf(wanted.workspaceId, WORKSPACE);
    this.#name = nameCompute(wanted);
  }

  /** The live compute; undefined when it, its workspace or its resource group doesn't exist. */
  async get(): Promise<LiveCompute | undefined> {
    const locator = this.#locator();
    const live = await unlessGone(
      this.#call(`read ${this.#name}`, (client) => client.computeOperations.get(...locator)),
    );
    // The SDK's model has a type for each kind of compute; this package handles two of them.
    return live === undefined ? undefined : (withoutNullMembers(live) as LiveCompute);
  }

  /** The region of the workspace, where a new compute is created. */
  async location(): Promise<string> {
    const { resourceGroupName, name } = this.#workspace;
    const { location } = await this.#call(`read workspace "${name}"`, (client) =>
      client.workspaces.get(resourceGroupName, name),
    );
    return location ?? "";
  }

  /** Creates or updates the compute, and waits until Azure has finished. */
  async put(body: ComputeBody, report: Report): Promise<void> {
    await followOperation({
      ...this.#operation("attach", report),
      begin: (client, options) =>
        client.computeOperations.beginCreateOrUpdate(...this.#locator(), body, options),
    });
  }

  /** Detaches the compute from the workspace. The cluster stays, whoever created it. */
  async detach(report: Report): Promise<void> {
    await followOperation({
      ...this.#operation("detach", report),
      begin: (client, options) =>
        client.computeOperations.beginDelete(...this.#locator(), "Detach", options),
    });
  }

  /**
   * Other computes that attach the same cluster, in any workspace of the cluster's or the workspace's subscription.
   * Azure's lists lag, so each match is read again. Workspaces that the credentials can't read are reported and skipped.
   */
  async findOthers(): Promise<readonly FoundAttachment[]> {
    const subscriptions = new Map(
      [
        partsOf(this.wanted.clusterId, MANAGED_CLUSTER).subscriptionId,
        this.#workspace.subscriptionId,
      ].map((id) => [id.toLowerCase(), id]),
    );
    const workspaces = new Map([[this.wanted.workspaceId.toLowerCase(), this.wanted.workspaceId]]);
    for (const subscription of subscriptions.values()) {
      for (const id of await this.#workspacesOf(subscription)) workspaces.set(id.toLowerCase(), id);
    }
    const ids = [...workspaces.values()];
    const found: FoundAttachment[] = [];
    for (let at = 0; at < ids.length; at += MAX_CONCURRENT) {
      const chunk = ids.slice(at, at + MAX_CONCURRENT).map((id) => this.#attachmentsIn(id));
      found.push(...(await Promise.all(chunk)).flat());
    }
    return found;
  }

  async #workspacesOf(subscriptionId: string): Promise<string[]> {
    const attempt = `list the workspaces of subscription ${subscriptionId}`;
    return this.#orNone(
      this.azure.call(subscriptionId, attempt, async (client) => {
        const ids: string[] = [];
        for await (const { id } of client.workspaces.listBySubscription()) if (id) ids.push(id);
        return ids;
      }),
    );
  }

  async #attachmentsIn(workspaceId: string): Promise<FoundAttachment[]> {
    const workspace = parseAzureId(workspaceId, WORKSPACE);
    if (workspace === undefined) return [];
    const { subscriptionId, resourceGroupName, name } = workspace;
    const attempt = `list the computes of workspace "${name}"`;
    const names = await this.#orNone(
      this.azure.call(subscriptionId, attempt, async (client) => {
        const matches: string[] = [];
        for await (const each of client.computeOperations.list(resourceGroupName, name)) {
          if (each.name && this.#isOther(workspaceId, each)) matches.push(each.name);
        }
        return matches;
      }),
    );
    const live = await Promise.all(
      names.map((each) =>
        unlessGone(
          this.azure.call(
            subscriptionId,
            `read compute "${each}" of workspace "${name}"`,
            (client) => client.computeOperations.get(resourceGroupName, name, each),
          ),
        ),
      ),
    );
    return live
      .filter((each) => each !== undefined)
      .filter((each) => this.#isOther(workspaceId, each))
      .map((each) => ({
        id: each.id ?? `${workspaceId}/computes/${each.name ?? ""}`,
        createdOn: each.properties?.createdOn,
        isDetaching: each.properties?.provisioningState === "Deleting",
      }));
  }

  #isOther(workspaceId: string, { name, properties }: ComputeResource): boolean {
    const id = `${workspaceId}/computes/${name ?? ""}`;
    return (
      sameAzureId(properties?.resourceId, this.wanted.clusterId) &&
      !sameAzureId(id, computeIdOf(this.wanted))
    );
  }

  /** The list; empty when its parent doesn't exist or, with a line for the user, when reading it is forbidden. */
  async #orNone<T>(list: Promise<T[]>): Promise<T[]> {
    return list.catch((error: unknown) => {
      if (isGone(error)) return [];
      if (!(error instanceof AzureError) || error.status !== 403) throw error;
      this.azure.options.print(
        `${this.#name}: skipped a search for other attachments: ${error.message}`,
      );
      return [];
    });
  }

  #locator(): [resourceGroup: string, workspace: string, compute: string] {
    const { resourceGroupName, name } = this.#workspace;
    return [resourceGroupName, name, this.wanted.computeName];
  }

  #operation(verb: string, report: Report) {
    const { azure } = this;
    const { subscriptionId } = this.#workspace;
    return { azure, subscriptionId, attempt: `${verb} ${this.#name}`, report };
  }

  #call<T>(
    attempt: string,
    work: (client: AzureMachineLearningWorkspaces) => Promise<T>,
  ): Promise<T> {
    return this.azure.call(this.#workspace.subscriptionId, attempt, work);
  }
}

export interface FoundAttachment extends OtherAttachment {
  /** Whether it is being detached. */
  readonly isDetaching: boolean;
}

function partsOf(id: string, type: string): AzureId {
  const parts = parseAzureId(id, type);
  if (parts === undefined) throw new TypeError(`${id} is not an id of ${type}`);
  return parts;
}

async function unlessGone<T>(result: Promise<T>): Promise<T | undefined> {
  return result.catch((error: unknown) => {
    if (isGone(error)) return undefined;
    throw error;
  });
}
