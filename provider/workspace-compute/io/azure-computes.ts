// The computes of Azure ML workspaces: read, written, detached, and looked for by their cluster.
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
import { withoutNulls } from "../core/compare-compute";
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

/** Workspaces whose computes are listed at the same time. */
const AT_ONCE = 8;

export class AzureComputes {
  readonly #workspace: AzureId;
  readonly #name: string;

  /** @param wanted `check` has let its ids pass */
  constructor(
    readonly azure: AzureConnection,
    readonly wanted: ComputeSettings,
  ) {
    this.#workspace = partsOf(wanted.workspaceId, WORKSPACE);
    this.#name = nameCompute(wanted);
  }

  /** The compute; undefined when it, its workspace or their resource group is not there. */
  async get(): Promise<LiveCompute | undefined> {
    const place = this.#place();
    const live = await unlessGone(
      this.#call(`read ${this.#name}`, (client) => client.computeOperations.get(...place)),
    );
    // The model has a type for each kind of compute; this package looks at two of them.
    return live === undefined ? undefined : (withoutNulls(live) as LiveCompute);
  }

  /** The region of the workspace, which a new compute is made in. */
  async location(): Promise<string> {
    const { resourceGroupName, name } = this.#workspace;
    const { location } = await this.#call(`read workspace "${name}"`, (client) =>
      client.workspaces.get(resourceGroupName, name),
    );
    return location ?? "";
  }

  /** Makes or changes the compute, and waits until Azure is done. */
  async put(body: ComputeBody, report: Report): Promise<void> {
    await followOperation({
      ...this.#operation("attach", report),
      begin: (client, options) =>
        client.computeOperations.beginCreateOrUpdate(...this.#place(), body, options),
    });
  }

  /** Takes the compute out of the workspace. The cluster stays, whoever made it. */
  async detach(report: Report): Promise<void> {
    await followOperation({
      ...this.#operation("detach", report),
      begin: (client, options) =>
        client.computeOperations.beginDelete(...this.#place(), "Detach", options),
    });
  }

  /**
   * Other computes that the cluster is attached as, in any workspace of its subscription and of the workspace's.
   * Lists of Azure lag, so each find is read again. What the caller may not read is named and passed over.
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
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const chunk = ids.slice(at, at + AT_ONCE).map((id) => this.#attachmentsIn(id));
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
        const hits: string[] = [];
        for await (const each of client.computeOperations.list(resourceGroupName, name)) {
          if (each.name && this.#isOther(workspaceId, each)) hits.push(each.name);
        }
        return hits;
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
        isLeaving: each.properties?.provisioningState === "Deleting",
      }));
  }

  #isOther(workspaceId: string, { name, properties }: ComputeResource): boolean {
    const id = `${workspaceId}/computes/${name ?? ""}`;
    return (
      sameAzureId(properties?.resourceId, this.wanted.clusterId) &&
      !sameAzureId(id, computeIdOf(this.wanted))
    );
  }

  /** Nothing, with a line for the user, where the caller may not look; nothing where nothing is. */
  async #orNone<T>(list: Promise<T[]>): Promise<T[]> {
    return list.catch((error: unknown) => {
      if (isGone(error)) return [];
      if (!(error instanceof AzureError) || error.status !== 403) throw error;
      this.azure.options.print(
        `${this.#name}: attachments there are not looked for: ${error.message}`,
      );
      return [];
    });
  }

  #place(): [string, string, string] {
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
  /** It is being detached. */
  readonly isLeaving: boolean;
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
