// Series of changes of a cluster, in its program and by others, with the model of what Azure has after a run.
import assert from "node:assert/strict";
import { type Azure, type JsonObject, textAt, valueAt } from "../../tools/standins/azure";
import { without } from "../../values/without";
import { clusterId, groupId, POOLS } from "./aks-stories";
import { type Program } from "./live-engine";

const RIGHTS = "Microsoft.Authorization/roleAssignments";
const vnet = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
export const subnet = (name: string) => `${vnet}/subnets/${name}`;
const registry = (name: string) =>
  `${groupId}/providers/Microsoft.ContainerRegistry/registries/${name}`;

export interface Args {
  readonly agentCount: number;
  readonly agentVmSize: string;
  readonly nodeAutoscaling: { minCount: number; maxCount: number } | undefined;
  readonly zones: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly authorizedIpRanges: readonly string[];
  readonly azurePolicy: boolean;
  /** Minor of 1.x. */
  readonly minor: number;
  readonly registries: readonly string[];
  readonly subnetName: string;
  readonly hasSpotPool: boolean;
}

const START: Args = {
  ...{
    agentCount: 3,
    agentVmSize: "Standard_D4s_v5",
    nodeAutoscaling: undefined,
    zones: undefined,
  },
  ...{ tags: {}, authorizedIpRanges: [], azurePolicy: false, minor: 33 },
  ...{ registries: ["one", "two"], subnetName: "nodes", hasSpotPool: false },
};

/** What is declared, and what others own. */
export interface Model {
  args: Args;
  name: string;
  formerName: string | undefined;
  /** By the autoscaler; undefined: never moved. */
  agentsScaledTo: number | undefined;
  spotScaledTo: number;
  foreignTags: Record<string, string>;
  hasForeignPool: boolean;
  isFailing: boolean;
  /** Minor of the last run: AKS goes up by one at a time. */
  runningMinor: number;
}

/** Runs programs: in process, or by the CLI. */
export interface SeriesEngine {
  /** `project/stack/`, which owners' names begin with. */
  readonly ownerPrefix: string;
  up(program: Program): Promise<unknown>;
  /** The planned steps. */
  preview(program: Program): Promise<readonly string[]>;
  refresh(): Promise<void>;
  /** Called when a run begins. */
  readonly watch?: () => void;
}

export function newModel(): Model {
  return {
    ...{ args: START, name: "prod", formerName: undefined, agentsScaledTo: undefined },
    ...{ spotScaledTo: 0, foreignTags: {}, hasForeignPool: false, isFailing: false },
    runningMinor: START.minor,
  };
}

export interface World {
  readonly azure: Azure;
  readonly engine: SeriesEngine;
  readonly model: Model;
  /** Runs the program of the model. */
  readonly up: () => Promise<unknown>;
}

export interface Operation {
  readonly what: string;
  readonly run: (world: World) => Promise<void> | void;
}

const change = (what: string, to: Partial<Args>): Operation => ({
  what,
  run: ({ model }) => {
    model.args = { ...model.args, ...to };
    if (to.nodeAutoscaling === undefined && "nodeAutoscaling" in to)
      model.agentsScaledTo = undefined;
    if (to.agentVmSize ?? to.subnetName ?? "zones" in to) model.agentsScaledTo = undefined;
  },
});

export const OPERATIONS: readonly Operation[] = [
  change("agentCount 5", { agentCount: 5 }),
  change("agentCount 4", { agentCount: 4 }),
  change("a larger size", { agentVmSize: "Standard_D8s_v5" }),
  change("the size in another case", { agentVmSize: "standard_d4s_V5" }),
  change("bounds 3 to 9", { nodeAutoscaling: { minCount: 3, maxCount: 9 } }),
  change("bounds 4 to 7", { nodeAutoscaling: { minCount: 4, maxCount: 7 } }),
  change("no bounds", { nodeAutoscaling: undefined }),
  change("zone 1", { zones: ["1"] }),
  change("all zones, in another order", { zones: ["3", "1", "2"] }),
  change("a tag", { tags: { team: "ml" } }),
  change("two tags", { tags: { team: "ops", env: "prod" } }),
  change("no tags", { tags: {} }),
  change("ranges", { authorizedIpRanges: ["203.0.113.0/24", "198.51.100.0/24"] }),
  change("ranges in another order", { authorizedIpRanges: ["198.51.100.0/24", "203.0.113.0/24"] }),
  change("policy", { azurePolicy: true }),
  change("one registry", { registries: ["two"] }),
  change("registries in another order and case", { registries: ["TWO", "one", "two"] }),
  change("another subnet", { subnetName: "more" }),
  change("a spot pool", { hasSpotPool: true }),
  change("no spot pool", { hasSpotPool: false }),
  {
    what: "the next version",
    run: ({ model }) => {
      model.args = { ...model.args, minor: Math.min(35, model.runningMinor + 1) };
    },
  },
  { what: "refresh", run: ({ engine }) => engine.refresh() },
  { what: "refresh again", run: ({ engine }) => engine.refresh() },
  {
    what: "up",
    run: async ({ up }) => {
      await up();
    },
  },
  {
    what: "the autoscaler scales the agents",
    run: ({ azure, model }) => {
      const agents = poolsOf(azure).find(({ name }) => name.startsWith("agents"));
      if (valueAt(agents?.body, "properties.enableAutoScaling") !== true) return;
      const to = Number(valueAt(agents?.body, "properties.maxCount"));
      azure.others.scaleByAutoscaler(agents?.id ?? "", to);
      model.agentsScaledTo = to;
    },
  },
  {
    what: "the autoscaler scales the spot pool",
    run: ({ azure, model }) => {
      const spot = poolsOf(azure).find(({ name }) => name.startsWith("spot"));
      if (spot === undefined) return;
      azure.others.scaleByAutoscaler(spot.id, 4);
      model.spotScaledTo = 4;
    },
  },
  {
    what: "a policy tags the cluster",
    run: ({ azure, model }) => {
      azure.others.tagByPolicy(clusterId, { cost: "42" });
      model.foreignTags = { cost: "42" };
    },
  },
  edited("tier", (azure) => azure.others.edit(clusterId, "sku.tier", "Free")),
  edited("ranges", (azure) =>
    azure.others.edit(clusterId, "properties.apiServerAccessProfile.authorizedIPRanges", [
      "192.0.2.0/24",
    ]),
  ),
  edited("the agents' tags", (azure) => {
    const agents = poolsOf(azure).find(({ name }) => name.startsWith("agents"));
    azure.others.edit(agents?.id ?? "", "properties.tags", { "aml-inference": "somebody" });
  }),
  edited("a right away", (azure) => {
    const [right] = azure.store.list(RIGHTS);
    if (right !== undefined) azure.others.remove(right.id);
  }),
  {
    what: "a colleague adds a pool",
    run: ({ azure, model }) => {
      const body = {
        properties: {
          count: 1,
          vmSize: "Standard_D4s_v5",
          mode: "User",
          vnetSubnetID: subnet("nodes"),
        },
      };
      azure.others.put(`${clusterId}/agentPools/other`, body);
      model.hasForeignPool = true;
    },
  },
  {
    what: "a colleague deletes that pool",
    run: ({ azure, model }) => {
      if (model.hasForeignPool) azure.others.remove(`${clusterId}/agentPools/other`);
      model.hasForeignPool = false;
    },
  },
  {
    what: "a rename with an alias",
    run: ({ model }) => {
      if (model.formerName !== undefined) return;
      model.formerName = model.name;
      model.name = `${model.name}-renamed`;
    },
  },
  {
    what: "a call will fail",
    run: ({ model }) => {
      model.isFailing = true;
    },
  },
];

function edited(what: string, edit: (azure: Azure) => void): Operation {
  return { what: `a colleague edits ${what}`, run: ({ azure }) => edit(azure) };
}

/** A count that a run moved into new bounds stays there. */
export function settle(model: Model): void {
  model.runningMinor = model.args.minor;
  const { nodeAutoscaling: bounds } = model.args;
  if (model.agentsScaledTo !== undefined && bounds !== undefined) {
    model.agentsScaledTo = Math.min(
      bounds.maxCount,
      Math.max(bounds.minCount, model.agentsScaledTo),
    );
  }
  if (!model.args.hasSpotPool) model.spotScaledTo = 0;
}

export function programOf({ args, name, formerName }: Model) {
  const { minor, registries, subnetName, hasSpotPool, ...same } = args;
  return {
    name,
    ...(formerName === undefined ? {} : { formerName }),
    args: {
      ...same,
      ...{ resourceGroupName: "models", location: "westeurope" },
      ...{ protectCluster: false, kubernetesVersion: `1.${minor}` },
      containerRegistryIds: registries.map(registry),
      network: { vnetName: "net", subnetName },
      ...(hasSpotPool ? { spotPool: { vmSize: "Standard_D8s_v5", maxCount: 5 } } : {}),
    },
  };
}

function poolsOf(azure: Azure) {
  return azure.store.list(POOLS, clusterId);
}

export function expectLive(azure: Azure, model: Model, ownerPrefix: string): void {
  const { args } = model;
  const live = azure.store.get(clusterId)?.body;
  assert.equal(textAt(live, "sku.tier"), "Standard");
  assert.deepEqual(
    [
      ...((valueAt(live, "properties.apiServerAccessProfile.authorizedIPRanges") ??
        []) as string[]),
    ].sort(),
    [...args.authorizedIpRanges].sort(),
  );
  const addon = valueAt(live, "properties.addonProfiles.azurepolicy.enabled");
  assert.equal(addon, args.azurePolicy);
  assert.match(textAt(live, "properties.currentKubernetesVersion") ?? "", minorPattern(args));
  const pools = poolsOf(azure);
  const named = (prefix: string) => pools.filter(({ name }) => name.startsWith(prefix));
  const [agents] = named("agents");
  const counts = {
    agents: 1,
    system: 1,
    other: model.hasForeignPool ? 1 : 0,
    spot: args.hasSpotPool ? 1 : 0,
  };
  for (const [prefix, count] of Object.entries(counts))
    assert.equal(named(prefix).length, count, prefix);
  assert.equal(
    pools.length,
    Object.values(counts).reduce((sum, count) => sum + count),
  );
  for (const pool of pools.filter(({ name }) => name !== "other")) {
    assert.match(
      textAt(pool.body, "properties.currentOrchestratorVersion") ?? "",
      minorPattern(args),
      pool.name,
    );
  }
  const at = (path: string) => valueAt(agents?.body, `properties.${path}`);
  const { nodeAutoscaling: bounds } = args;
  assert.equal(String(at("vmSize")).toLowerCase(), args.agentVmSize.toLowerCase());
  const zones = [...(at("availabilityZones") as string[])].sort();
  assert.deepEqual(zones, [...(args.zones ?? ["1", "2", "3"])].sort());
  assert.equal(at("vnetSubnetID"), subnet(args.subnetName));
  assert.equal(at("enableAutoScaling"), bounds !== undefined);
  if (bounds === undefined) assert.equal(at("count"), args.agentCount);
  else {
    assert.deepEqual([at("minCount"), at("maxCount")], [bounds.minCount, bounds.maxCount]);
    if (model.agentsScaledTo !== undefined) assert.equal(at("count"), model.agentsScaledTo);
  }
  if (args.hasSpotPool)
    assert.equal(valueAt(named("spot")[0]?.body, "properties.count"), model.spotScaledTo);
  for (const [what, body, foreign] of [
    ["cluster", live, model.foreignTags],
    ["agents", agents?.body, {}],
  ] as const) {
    const { "aml-inference": mark, ...others } = tagsOf(body);
    const tags = without(others, "aml-inference-applied");
    assert.deepEqual(tags, { ...foreign, ...args.tags }, `tags of the ${what}`);
    assert.equal(mark, `${ownerPrefix}${model.name}`);
  }
  assert.deepEqual(missingRights(azure, model), []);
  const scopes = azure.store
    .list(RIGHTS)
    .map(({ body }) => textAt(body, "properties.scope")?.toLowerCase());
  assert.equal(
    new Set(scopes).size,
    neededScopes(model).length,
    "no right beside those that are needed",
  );
}

function minorPattern({ minor }: Args): RegExp {
  return new RegExp(`^1\\.${minor}\\.`);
}

function tagsOf(body: JsonObject | undefined): Record<string, string> {
  return (valueAt(body, "tags") ?? valueAt(body, "properties.tags") ?? {}) as Record<
    string,
    string
  >;
}

/** The system pool's nodes stay in the first subnet. */
function neededScopes({ args }: Model): string[] {
  const scopes = [subnet("nodes"), subnet(args.subnetName), ...args.registries.map(registry)];
  return [...new Set(scopes.map((scope) => scope.toLowerCase()))];
}

function missingRights(azure: Azure, model: Model): string[] {
  const given = azure.store
    .list(RIGHTS)
    .map(({ body }) => textAt(body, "properties.scope")?.toLowerCase());
  return neededScopes(model).filter((scope) => !given.includes(scope));
}

/** Looks after each call of a run that nothing went away which is needed. */
export class Watch {
  #had: readonly string[] = [];
  #hadAgents = false;

  constructor(
    private readonly azure: Azure,
    private readonly model: Model,
  ) {}

  /** Others may take away what they like: a run answers for what it found. */
  begin(): void {
    this.#had = this.#rights();
    this.#hadAgents = this.#hasAgents();
  }

  check(): void {
    const [has, needed] = [this.#rights(), neededScopes(this.model)];
    for (const scope of this.#had.filter((each) => needed.includes(each))) {
      assert.ok(has.includes(scope), `the right on ${scope} was taken away`);
    }
    if (this.#hadAgents) assert.ok(this.#hasAgents(), "the agents were taken away");
    this.begin();
  }

  #rights(): string[] {
    return this.azure.store
      .list(RIGHTS)
      .map(({ body }) => textAt(body, "properties.scope")?.toLowerCase() ?? "");
  }

  #hasAgents(): boolean {
    return poolsOf(this.azure).some(({ name }) => name.startsWith("agents"));
  }
}
