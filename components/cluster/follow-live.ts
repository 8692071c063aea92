// Lets the live objects decide what is sent to Azure.
//
// What a state says of a resource may be old, or what a refresh made of it; a PUT of it would undo what others did
// since. So each resource is looked up before the engine compares it. Where Azure has what is declared, nothing is
// sent, whatever the state says. Where it hasn't, all of it is sent, with the live values of what others own. What an
// interrupted run created and could not record is imported.
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../values/is-record";
import { hasUnknown, UNKNOWN } from "../../values/unknown";
import { textsIn } from "../../values/value-at";
import { without } from "../../values/without";
import { hasSecret, plainValue } from "../engine/plain-value";
import { APPLIED_TAG, MARK_TAG, nextApplied } from "./core/applied-tag";
import { type Difference, differencesFrom, type Properties } from "./core/compare-live";
import { REPLACING } from "./core/fixed-properties";
import {
  type Ownership,
  planCluster,
  planOther,
  planPool,
  poolsIn,
  samePool,
  type WritePlan,
} from "./core/plan-write";
import { formerNames, type Right, rightName } from "./core/right-name";
import {
  type Asking,
  isLooked,
  type LiveObject,
  lookAt,
  lookAtRight,
  type Seen,
} from "./io/live-objects";
import { type IsRecorded } from "./io/recorded-objects";

/** The owner of a resource: `project/stack/component`. */
export function ownerMark(name: string): string {
  return `${ownerPrefix()}${name}`;
}

function ownerPrefix(): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}/`;
}

/** What is followed, and on whose behalf. */
export interface Following extends Asking {
  readonly component: pulumi.ComponentResource;
  /** The component's name, which its resources' names begin with. */
  readonly name: string;
  readonly declared: Promise<Ownership>;
  readonly isRecorded: Promise<IsRecorded>;
  /** When the run began: what it writes says so. */
  readonly now: Date;
}

type Result = pulumi.ResourceTransformResult;
type Args = pulumi.ResourceTransformArgs;

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const WINDOW = "azure-native:containerservice:MaintenanceConfiguration";
const RIGHT = "azure-native:authorization:RoleAssignment";

/** The inputs that name an object. */
const NAMES = ["resourceGroupName", "resourceName", "agentPoolName", "configName"] as const;

/** The transform for the resources of one cluster. */
export function followLive(following: Following): pulumi.ResourceTransform {
  return async (args) => {
    const declared = await plainValue(args.props);
    if (!isRecord(declared)) return undefined;
    if (args.type === RIGHT) return followRight(args, declared, following);
    return isLooked(args.type) ? followObject(args, declared, following) : undefined;
  };
}

async function followObject(
  args: Args,
  declared: Properties,
  following: Following,
): Promise<Result | undefined> {
  const { type, name } = args;
  const names = textsIn(without(declared, "tags"));
  if (NAMES.some((each) => names[each] === UNKNOWN)) return undefined;
  const seen = await lookAtSame(type, declared, names, following);
  if (seen.kind === "unread") return unread(name, seen.reason, following);
  if (seen.kind === "absent")
    return creation(args, declared, following, await isSentAgain(type, names, following));
  const live = seen.object;
  const plan = await planFor(type, declared, live, following);
  const replacing = (REPLACING[type] ?? []).filter((path) => !isAmong(path, plan.differences));
  const isReplaced = replacing.length < (REPLACING[type] ?? []).length;
  if (isReplaced) return creation(args, declared, following, true);
  const isOurs = textsIn(live["tags"])[MARK_TAG] === ownerMark(following.name);
  const isLost = (isOurs || type === WINDOW) && !(await following.isRecorded)(type, live.id ?? "");
  // An import takes what there is; what differs is corrected by the next run.
  if (isLost) return settled(args, { import: live.id ?? "" });
  const isSecret = await hasSecret(args.props);
  for (const note of plan.notes) void pulumi.log.warn(note, following.component);
  const sent =
    plan.differences.length === 0 ? undefined : sentValues(declared, live, plan, following.now);
  if (sent === undefined) {
    if (plan.differences.length > 0) {
      const refused = `${name}: Azure keeps ${shown(plan.differences, isSecret)}, whatever is sent`;
      void pulumi.log.warn(refused, following.component);
    }
    return settled(args);
  }
  const difference = `${name} differs in Azure: ${shown(plan.differences, isSecret)}`;
  void pulumi.log.info(difference, following.component);
  return {
    props: { ...args.props, ...(isSecret ? sealed(sent) : sent) },
    opts: { ...args.opts, ignoreChanges: replacing },
  };
}

/** Nothing is sent, whatever the state says. */
function settled({ props, opts }: Args, more: pulumi.CustomResourceOptions = {}): Result {
  return { props, opts: { ...opts, ...more, ignoreChanges: ["*"] } };
}

/**
 * A pool is also found under another name, when that is made of the same size, zones and subnet in another spelling or
 * order: it is no other pool.
 */
async function lookAtSame(
  type: string,
  declared: Properties,
  names: Readonly<Record<string, string>>,
  following: Following,
): Promise<Seen<LiveObject>> {
  const seen = await lookAt(type, names, following);
  if (type !== POOL || seen.kind !== "absent") return seen;
  const cluster = await lookAt(CLUSTER, names, following);
  if (cluster.kind !== "live") return seen;
  const agentPoolName = samePool(declared, poolsIn(cluster.object));
  return agentPoolName === undefined ? seen : lookAt(type, { ...names, agentPoolName }, following);
}

async function planFor(
  type: string,
  declared: Properties,
  live: LiveObject,
  following: Following,
): Promise<WritePlan> {
  if (type === CLUSTER) return planCluster(declared, live, await following.declared);
  if (type === POOL) return planPool(declared, live, await following.declared);
  return planOther(declared, live);
}

/** Texts and lists that Azure has in another spelling or order: AKS takes that for a change of what can't change. */
function asSpelled(declared: Properties, live: Properties): Properties {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, value]) => {
      const has = live[name];
      const isText = typeof has === "string" || (Array.isArray(has) && !has.some(isRecord));
      const isSame = isText && differencesFrom(value, has, [], name).length === 0;
      return isSame && value !== UNKNOWN ? [[name, has]] : [];
    }),
  );
}

/** The values that are sent; undefined when Azure does not take them. */
function sentValues(
  declared: Properties,
  live: Properties,
  plan: WritePlan,
  now: Date,
): Properties | undefined {
  const { differences } = plan;
  const values = { ...asSpelled(declared, live), ...plan.values };
  if (!isRecord(declared["tags"])) return { ...values, ...windowSentAgain(declared, live, now) };
  const tags = textsIn(declared["tags"]);
  const applied = nextApplied(tags, textsIn(live["tags"])[APPLIED_TAG], differences, now);
  if (applied === undefined) return undefined;
  return { ...values, tags: { ...textsIn(values["tags"]), [APPLIED_TAG]: applied } };
}

/**
 * A maintenance window has no tags. A first day that has passed says nothing about it, and is the difference that makes
 * the engine send it.
 */
function windowSentAgain(declared: Properties, live: Properties, now: Date): Properties {
  const { maintenanceWindow: window } = declared;
  if (!isRecord(window)) return {};
  const { maintenanceWindow: has } = live;
  const yesterday = new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);
  const before = new Date(now.getTime() - 2 * DAY_MS).toISOString().slice(0, 10);
  const startDate = isRecord(has) && has["startDate"] === yesterday ? before : yesterday;
  return { maintenanceWindow: { ...window, startDate } };
}

const DAY_MS = 24 * 3_600_000;

/**
 * Whether what is missing is sent where the state believes that it exists. A cluster isn't: all that is in it is gone, too,
 * and `pulumi up --refresh` creates everything again.
 */
async function isSentAgain(
  type: string,
  names: Readonly<Record<string, string>>,
  following: Following,
): Promise<boolean> {
  if (type === CLUSTER) return false;
  return type !== POOL || (await lookAt(CLUSTER, names, following)).kind === "live";
}

/** What Azure hasn't is sent with everything that is declared. */
function creation(
  { props, opts }: Args,
  declared: Properties,
  following: Following,
  isSent: boolean,
): Result {
  if (!isRecord(declared["tags"]) || hasUnknown(declared["tags"])) return { props, opts };
  const tags = textsIn(declared["tags"]);
  const applied = nextApplied(tags, undefined, [], following.now) ?? "";
  const isPlain = isRecord(props["tags"]) && !pulumi.Output.isInstance(props["tags"]);
  const own: object = isPlain ? (props["tags"] as object) : tags;
  return {
    props: { ...props, tags: { ...own, [APPLIED_TAG]: applied } },
    // A create has no former value that would be kept.
    opts: { ...opts, ignoreChanges: isSent ? [] : [...(opts.ignoreChanges ?? []), APPLIED_PATH] },
  };
}

const APPLIED_PATH = `tags["${APPLIED_TAG}"]`;

async function followRight(
  { props, opts }: Args,
  declared: Properties,
  following: Following,
): Promise<Result | undefined> {
  const { scope = "", principalId = "", roleDefinitionId = "" } = textsIn(declared);
  const right: Right = { scope, principalId, roleDefinitionId };
  if (Object.values(right).some((value) => value === "" || value === UNKNOWN)) return undefined;
  const seen = await lookAtRight(right, following);
  if (seen.kind === "unread")
    return unread(`the role assignment on ${scope}`, seen.reason, following);
  if (seen.kind === "absent") {
    // Azure refuses another text for a right that exists; for one that is missing, it is what makes the engine send it.
    const description = `${ownerMark(following.name)} ${following.now.toISOString()}`;
    const own = { roleAssignmentName: rightName(right), description };
    return { props: { ...props, ...own }, opts: { ...opts, ignoreChanges: [] } };
  }
  const { id, name, description = "" } = seen.object;
  const formers = formerNames(following.name, seen.object).map((former) => ({ name: former }));
  const taken: pulumi.CustomResourceOptions = {
    ...opts,
    ...((await following.isRecorded)(RIGHT, id) ? {} : { import: id }),
    ignoreChanges: ["*"],
    aliases: [...(opts.aliases ?? []), ...formers],
    // What somebody else gave stays when it is no longer asked for here.
    retainOnDelete: opts.retainOnDelete === true || !description.startsWith(ownerPrefix()),
  };
  return { props: { ...props, roleAssignmentName: name }, opts: taken };
}

/** A preview goes on with what the state says; an update must not. */
function unread(what: string, reason: string, { component }: Following): undefined {
  const sentence = `${what} can't be read in Azure: ${reason}`;
  if (!pulumi.runtime.isDryRun()) throw new Error(sentence);
  void pulumi.log.debug(sentence, component);
  return undefined;
}

function isAmong(path: string, differences: readonly Difference[]): boolean {
  return differences.some((each) => each.path === path || each.path.startsWith(`${path}.`));
}

/** What differs, in a line; values that may be secret are left out. */
function shown(differences: readonly Difference[], isSecret: boolean): string {
  const all = differences.map(({ path, declared, live }) =>
    isSecret ? path : `${path} is ${textOf(live)}, declared ${textOf(declared)}`,
  );
  return all.join("; ");
}

function textOf(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function sealed(values: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, pulumi.secret(value)]),
  );
}
