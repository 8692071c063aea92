// An engine in process that runs a program with one AmlAksCluster against the stand-in Azure: with the component's own
// transforms, the stand-in plugin's Check, Diff, Read, Create and Update, and a state that outlives the runs.
import { setDefaultCACertificates, getCACertificates } from "node:tls";
import { status } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { type MockCallArgs } from "@pulumi/pulumi/runtime";
import {
  CreateRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { AmlAksCluster } from "../../components/cluster/aml-aks-cluster";
import { withShortTraces } from "../../components/engine/short-traces";
import { type Azure } from "../../tools/standins/azure";
import { messageOf } from "../../values/message-of";
import { type PropertyMap, stripSecretsOf } from "../../tools/standins/property-value";
import {
  create,
  invoke,
  keepIgnored,
  type PluginContext,
  read,
  requireResource,
  update,
} from "../../tools/standins/pulumi-resource-azure-native";
import { checked, diffOf, type Registered, transformed } from "./plugin-steps";
import { fromStruct, InitFailedError, toStruct } from "../../tools/standins/resource-plugin";

interface Kept {
  readonly type: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly retainOnDelete: boolean;
  /** Azure had not finished when the run ended. */
  readonly isUnfinished: boolean;
}

/** A program's cluster, and the name that it had before (an alias of the component). */
export interface Program {
  readonly name: string;
  readonly formerName?: string;
  readonly args: object;
}

/** What a run did or, in a preview, would do: `update prod-agents`. */
export type Steps = string[];

export class LiveEngine {
  readonly ownerPrefix = "project/stack/";
  #state = new Map<string, Kept>();
  /** Objects that replacements have left behind, deleted at the end of the run. */
  #left: Kept[] = [];
  #steps: Steps = [];
  #seen = new Set<string>();
  #isClusterReplaced = false;

  /**
   * @param connect starts the plugin, once for each run
   * @param afterStep called after each object that was written or deleted
   */
  constructor(
    private readonly azure: Azure,
    private readonly connect: () => PluginContext,
    private readonly afterStep: () => void = () => undefined,
  ) {
    setDefaultCACertificates([...getCACertificates("default"), azure.certificatePem]);
    process.env["AML_INFERENCE_AZURE_ENDPOINT"] = azure.endpoint;
  }

  /** `pulumi up`: throws the first error, with what was done in the state. */
  up(program: Program): Promise<Steps> {
    return this.#run(program, false);
  }

  /** `pulumi preview`. */
  preview(program: Program): Promise<Steps> {
    return this.#run(program, true);
  }

  /** Changes the state, as an earlier release would have left it. */
  rewriteState(rewrite: (name: string, kept: Kept) => readonly [name: string, kept: Kept]): void {
    this.#state = new Map([...this.#state].map(([name, kept]) => rewrite(name, kept)));
  }

  /** `pulumi refresh`. */
  async refresh(): Promise<void> {
    const context = this.connect();
    for (const [name, kept] of this.#state) {
      const request = new ReadRequest();
      request.setType(kept.type);
      request.setId(kept.id);
      request.setInputs(toStruct(kept.inputs));
      request.setProperties(toStruct(kept.outputs));
      const response = await read(request, context);
      if (response.getId() === "") this.#state.delete(name);
      else {
        const [inputs, outputs] = [response.getInputs(), response.getProperties()].map((each) =>
          fromStruct(each),
        );
        this.#state.set(name, {
          ...kept,
          inputs: inputs ?? {},
          outputs: outputs ?? {},
          isUnfinished: false,
        });
      }
    }
  }

  async #run(program: Program, isPreview: boolean): Promise<Steps> {
    this.#steps = [];
    this.#seen = new Set();
    this.#isClusterReplaced = false;
    const context = this.connect();
    const options = new Map<string, pulumi.CustomResourceOptions>();
    await pulumi.runtime.setMocks(
      {
        newResource: async (args) => {
          if (!args.type.startsWith("azure-native:")) {
            return { id: `${args.name}-id`, state: stripSecretsOf(args.inputs as PropertyMap) };
          }
          const opts = options.get(args.name) ?? {};
          const name = this.#formerly(args.name, program);
          return this.#register({ ...args, opts }, name, context, isPreview);
        },
        call: (args) => this.#call(args, context),
      },
      "project",
      "stack",
      isPreview,
      "organization",
    );
    const remember: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
      if (type.startsWith("azure-native:")) options.set(name, opts);
      return { props, opts: { ...opts, transforms: [] } };
    };
    const aliases = program.formerName === undefined ? [] : [{ name: program.formerName }];
    const opts = { transformations: [remember], aliases };
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const cluster = withShortTraces(() => new AmlAksCluster(program.name, program.args, opts));
    const outputs = pulumi.all([cluster.kubeconfig, cluster.vCpus]);
    await Promise.race([failed, new Promise((resolve) => outputs.apply(resolve))]);
    while ([...options.keys()].some((name) => !this.#seen.has(this.#formerly(name, program)))) {
      await Promise.race([failed, new Promise((next) => setImmediate(next))]);
    }
    await this.#sweep(context, isPreview);
    return this.#steps.sort();
  }

  #fail: (error: unknown) => void = () => undefined;

  /** Aliases of a component hold for its children, whose names begin with its own. */
  #formerly(name: string, { name: own, formerName }: Program): string {
    if (formerName === undefined || !name.startsWith(`${own}-`)) {
      return name === own && formerName !== undefined ? formerName : name;
    }
    const former = `${formerName}${name.slice(own.length)}`;
    return this.#state.has(former) || !this.#state.has(name) ? former : name;
  }

  async #call({ token, inputs }: MockCallArgs, context: PluginContext): Promise<PropertyMap> {
    if (token === "pulumi:pulumi:readStackResourceOutputs") {
      const entries = [...this.#state].map(([name, { type, outputs }]) => [
        name,
        { type, outputs },
      ]);
      return { outputs: Object.fromEntries(entries) as PropertyMap };
    }
    const request = new InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(inputs as PropertyMap));
    try {
      return fromStruct((await invoke(request, context)).getReturn());
    } catch (error) {
      // As gRPC carries it.
      throw Object.assign(new Error(), { code: status.UNKNOWN, details: messageOf(error) });
    }
  }

  async #register(
    registered: Registered,
    name: string,
    context: PluginContext,
    isPreview: boolean,
  ): Promise<{ id: string; state: PropertyMap }> {
    try {
      const kept = await this.#step(registered, name, context, isPreview);
      this.#seen.add(name);
      return { id: kept.id, state: kept.outputs };
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async #step(
    registered: Registered,
    name: string,
    context: PluginContext,
    isPreview: boolean,
  ): Promise<Kept> {
    const { type } = registered;
    const { inputs: given, opts } = await transformed(registered);
    const old = await this.#oldOf(name, type, opts, context, isPreview);
    const ignored =
      old === undefined ? given : keepIgnored(old.inputs, given, opts.ignoreChanges ?? []);
    const inputs = await checked(registered, old?.inputs ?? {}, ignored, context);
    const retainOnDelete = opts.retainOnDelete === true;
    if (old === undefined)
      return this.#create(name, type, inputs, retainOnDelete, context, isPreview);
    const difference = diffOf(type, old, inputs);
    const isTaken = (opts.replaceWith ?? []).length > 0 && this.#isClusterReplaced;
    if (difference.replaces || isTaken) {
      this.#isClusterReplaced ||= type === CLUSTER;
      this.#steps.push(`replace ${name}`);
      if (isPreview) return old;
      const goesFirst = opts.deleteBeforeReplace ?? difference.deletesFirst;
      if (isTaken || goesFirst) await this.#delete(old, context);
      else this.#left.push(old);
      this.#state.delete(name);
      return this.#create(name, type, inputs, retainOnDelete, context, false, false);
    }
    if (!difference.differs && !old.isUnfinished) {
      const kept = { ...old, retainOnDelete };
      if (!isPreview) this.#state.set(name, kept);
      return kept;
    }
    this.#steps.push(`update ${name}`);
    if (isPreview) return old;
    const request = new UpdateRequest();
    request.setType(type);
    request.setId(old.id);
    request.setOlds(toStruct(old.outputs));
    request.setOldInputs(toStruct(old.inputs));
    request.setNews(toStruct(inputs));
    const response = await this.#kept(name, type, inputs, retainOnDelete, () =>
      update(request, context),
    );
    const outputs = fromStruct(response.getProperties());
    const kept = { ...old, inputs, outputs, retainOnDelete, isUnfinished: false };
    this.#state.set(name, kept);
    this.afterStep();
    return kept;
  }

  /** From the state, under this name or one of its aliases; else what the options import. */
  async #oldOf(
    name: string,
    type: string,
    opts: pulumi.CustomResourceOptions,
    context: PluginContext,
    isPreview: boolean,
  ): Promise<Kept | undefined> {
    const aliases = ((opts.aliases ?? []) as readonly { readonly name?: string }[]).map(
      (alias) => alias.name ?? "",
    );
    const found = [name, ...aliases].find((each) => this.#state.has(each));
    const old = this.#state.get(found ?? "");
    if (old !== undefined && found !== undefined && found !== name && !isPreview) {
      this.#state.delete(found);
      this.#state.set(name, old);
    }
    if (found !== undefined) this.#seen.add(found);
    const { import: wanted } = opts;
    if (wanted === undefined || old?.id === wanted) return old;
    if (old !== undefined) this.#left.push(old);
    const request = new ReadRequest();
    request.setType(type);
    request.setId(wanted);
    const response = await read(request, context);
    this.#steps.push(`import ${name}`);
    const kept = {
      ...{ type, id: response.getId(), retainOnDelete: false, isUnfinished: false },
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
    if (!isPreview) this.#state.set(name, kept);
    return kept;
  }

  async #create(
    name: string,
    type: string,
    inputs: PropertyMap,
    retainOnDelete: boolean,
    context: PluginContext,
    isPreview: boolean,
    isStep = true,
  ): Promise<Kept> {
    if (isStep) this.#steps.push(`create ${name}`);
    if (isPreview) {
      return { type, id: "", inputs, outputs: inputs, retainOnDelete, isUnfinished: false };
    }
    const request = new CreateRequest();
    request.setType(type);
    request.setProperties(toStruct(inputs));
    const response = await this.#kept(name, type, inputs, retainOnDelete, () =>
      create(request, context),
    );
    const outputs = fromStruct(response.getProperties());
    const kept = {
      type,
      id: response.getId(),
      inputs,
      outputs,
      retainOnDelete,
      isUnfinished: false,
    };
    this.#state.set(name, kept);
    this.afterStep();
    return kept;
  }

  /** Once Azure has taken work on, its failure leaves the resource in the state. */
  async #kept<T>(
    name: string,
    type: string,
    inputs: PropertyMap,
    retainOnDelete: boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InitFailedError) {
        const outputs = stripSecretsOf(error.properties);
        this.#state.set(name, {
          type,
          id: error.id,
          inputs,
          outputs,
          retainOnDelete,
          isUnfinished: true,
        });
      }
      throw error;
    }
  }

  /** Deletes what replacements left, and what is no longer declared: the last first. */
  async #sweep(context: PluginContext, isPreview: boolean): Promise<void> {
    const gone = [...this.#state].filter(([name]) => !this.#seen.has(name)).reverse();
    for (const [name] of gone) this.#steps.push(`delete ${name}`);
    if (isPreview) {
      this.#left = [];
      return;
    }
    for (const kept of this.#left.splice(0)) await this.#delete(kept, context);
    for (const [name, kept] of gone) {
      await this.#delete(kept, context);
      this.#state.delete(name);
    }
  }

  async #delete({ id, type, retainOnDelete }: Kept, { client }: PluginContext): Promise<void> {
    if (retainOnDelete) return;
    await client.delete(id, requireResource(type).apiVersion);
    this.afterStep();
  }
}

const CLUSTER = "azure-native:containerservice:ManagedCluster";
