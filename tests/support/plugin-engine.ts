// A small engine in process: carries the resources that a component declares through the stand-in azure-native plugin,
// as `pulumi up` and `pulumi destroy` would, with a state that outlives a run that fails.
import {
  CreateRequest,
  DiffRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import {
  type PluginContext,
  buildId,
  requireResource,
  diff,
  read,
  create,
  update,
} from "../../tools/standins/pulumi-resource-azure-native";
import { type PropertyMap } from "../../tools/standins/property-value";
import { InitFailedError, fromStruct, toStruct } from "../../tools/standins/resource-plugin";
import { type Declared } from "./planned-changes";

interface Kept {
  readonly type: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  /** Azure had not finished when the run ended. */
  readonly isUnfinished?: boolean;
}

export class PluginEngine {
  readonly #state = new Map<string, Kept>();
  #context: PluginContext;

  /** @param connect starts the plugin, once for each run */
  constructor(private readonly connect: () => PluginContext) {
    this.#context = connect();
  }

  /** Makes everything as declared. Stops at the first error, with what was done in the state. */
  async up(declared: readonly Declared[]): Promise<void> {
    this.#context = this.connect();
    for (const wanted of declared) {
      const inputs = this.#withIds(wanted.inputs);
      const kept = this.#state.get(wanted.name) ?? (await this.#takeOver(wanted, inputs));
      if (kept === undefined) await this.#create(wanted, inputs);
      else if (this.#differs(wanted, kept, inputs)) await this.#update(wanted, kept, inputs);
    }
  }

  /** Deletes everything, the last first. */
  async destroy(): Promise<void> {
    this.#context = this.connect();
    for (const [name, { type, id }] of [...this.#state].reverse()) {
      await this.#context.client.delete(id, requireResource(type).apiVersion);
      this.#state.delete(name);
    }
  }

  async #create({ name, type }: Declared, inputs: PropertyMap): Promise<void> {
    const request = new CreateRequest();
    request.setType(type);
    request.setProperties(toStruct(inputs));
    try {
      const response = await create(request, this.#context);
      this.#state.set(name, { type, id: response.getId(), inputs });
    } catch (error) {
      this.#keepUnfinished(name, type, inputs, error);
      throw error;
    }
  }

  async #update({ name, type }: Declared, { id }: Kept, inputs: PropertyMap): Promise<void> {
    const request = new UpdateRequest();
    request.setType(type);
    request.setId(id);
    request.setNews(toStruct(inputs));
    try {
      await update(request, this.#context);
      this.#state.set(name, { type, id, inputs });
    } catch (error) {
      this.#keepUnfinished(name, type, inputs, error);
      throw error;
    }
  }

  #keepUnfinished(name: string, type: string, inputs: PropertyMap, error: unknown): void {
    if (!(error instanceof InitFailedError)) return;
    this.#state.set(name, { type, id: error.id, inputs, isUnfinished: true });
  }

  /** What an earlier run made and could not write down is imported, as the component asks the engine to. */
  async #takeOver({ name, type }: Declared, inputs: PropertyMap): Promise<Kept | undefined> {
    const request = new ReadRequest();
    request.setType(type);
    request.setId(buildId(requireResource(type), inputs, this.#context.subscriptionId));
    const response = await read(request, this.#context);
    if (response.getId() === "") return undefined;
    const kept = { type, id: response.getId(), inputs: fromStruct(response.getInputs()) };
    this.#state.set(name, kept);
    return kept;
  }

  #differs({ type, ignoreChanges }: Declared, kept: Kept, inputs: PropertyMap): boolean {
    if (kept.isUnfinished === true) return true;
    const request = new DiffRequest();
    request.setType(type);
    request.setOldInputs(toStruct(kept.inputs));
    request.setNews(toStruct(inputs));
    request.setIgnorechangesList([...ignoreChanges]);
    return diff(request).getDiffsList().length > 0;
  }

  /** Mocks made up the ids: the real ones go where they stand. */
  #withIds(inputs: PropertyMap): PropertyMap {
    const text = [...this.#state].reduce(
      (written, [name, { id }]) => written.replaceAll(`"${name}-id"`, JSON.stringify(id)),
      JSON.stringify(inputs),
    );
    return JSON.parse(text) as PropertyMap;
  }
}
