/** Azure Resource Manager: a call in, an answer out. No network, no real time. */
import { behaviours } from "./rules/behaviours";
import type { RuleBook } from "./rules/rule-book";
import { type Answer, answer, refusal } from "./answer";
import type { ArmError } from "./arm-error";
import { parseArmPath, resourceId } from "./arm-path";
import type { Clock } from "./clock";
import {
  CLUSTERS,
  inlinePools,
  POOLS,
  poolDiffers,
  withoutPools,
  withPools,
  withUnsetKept,
} from "./cluster-bodies";
import { answerCredentials } from "./cluster-credentials";
import { breakOtherAttachments, COMPUTES, deleteCreatedCluster } from "./compute-effects";
import { holdBackVersions } from "./held-back-versions";
import { type JsonObject, mergePatch, objectAt, textAt, without, withValueAt } from "./json";
import type { GivenKubeconfig } from "./kubeconfig";
import { guidOf } from "./made-up-ids";
import { answerOperation, operationHeaders, POLL_SECONDS } from "./operations-answers";
import { pageOf } from "./page-of";
import type { Regions } from "./regions";
import { assignmentsAtScope } from "./role-assignment-list";
import { findResourceType } from "./resource-types";
import { type ArmRequest, concerns, type Situation } from "./rule";
import type { OperationVerb, Outcome, Store, StoredResource } from "./store";
import { answerSubscription } from "./subscription-answers";
import { Throttle } from "./throttle";

/** How long a new resource is unknown to some of Azure's replicas, in milliseconds of the stand-in's time. */
const LAG_MS = 10_000;
/** Types kept by the directory, whose replicas answer 404 at first. */
const REPLICATED =
  /^Microsoft\.(Authorization\/roleAssignments|ManagedIdentity\/userAssignedIdentities)$/i;

const ROLE_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";

export interface ArmServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly regions: Regions;
  readonly rules: RuleBook;
  /** The kubeconfig that managed clusters hand out; undefined: one in which nothing answers. */
  readonly kubeconfig: GivenKubeconfig | undefined;
}

export class ArmService {
  readonly #options: ArmServiceOptions;
  readonly #writes: Throttle;

  constructor(options: ArmServiceOptions) {
    this.#options = options;
    this.#writes = new Throttle(200, 10, options.clock.now());
  }

  /**
   * @param base where the server is reached, for the headers that name an address
   * @param headers names in lower case
   */
  handle(
    base: string,
    method: string,
    url: URL,
    headers: Readonly<Record<string, string | undefined>>,
    body: JsonObject,
  ): Answer {
    const { store, clock, regions } = this.#options;
    store.settle(clock.now());
    const followed = answerOperation(url.pathname, store, clock, (id) => this.#viewOf(id));
    if (followed) return followed;
    const path = parseArmPath(decodeURIComponent(url.pathname), method);
    const request: ArmRequest = { method, path, query: url.searchParams, headers, body };
    const existing = path.name === undefined ? undefined : store.get(resourceId(path));
    const situation: Situation = { request, existing, store, regions, nowMs: clock.now() };
    const error = this.#throttled(method) ?? this.#refuse(situation);
    if (error) return refusal(error, (seconds) => clock.askToWait(seconds));
    return this.#dispatch(base, situation);
  }

  #throttled(method: string): ArmError | undefined {
    const { rules, clock } = this.#options;
    if (!["PUT", "PATCH", "DELETE"].includes(method)) return undefined;
    if (!rules.isOn(behaviours.writesThrottled)) return undefined;
    const taken = this.#writes.take(clock.now());
    if (taken.ok) return undefined;
    return {
      status: 429,
      code: "SubscriptionRequestsThrottled",
      message:
        "Number of write requests for the subscription exceeded the limit. Please try again later.",
      retryAfterSeconds: taken.retryAfterSeconds,
    };
  }

  #refuse(situation: Situation): ArmError | undefined {
    const { method, path } = situation.request;
    for (const rule of this.#options.rules.refusals) {
      if (!rule.methods.includes(method) || !concerns(rule, path.type)) continue;
      const error = rule.refuse(situation);
      if (error) return error;
    }
    return undefined;
  }

  #dispatch(base: string, situation: Situation): Answer {
    const { request, existing } = situation;
    const { method, path, query } = request;
    if (method === "GET" && path.name === undefined) {
      return (
        answerSubscription(path.text, query.get("$filter") ?? "", situation.regions) ??
        this.#list(base, situation)
      );
    }
    if (method === "PUT") return this.#put(base, situation);
    if (method === "DELETE") return this.#delete(base, situation);
    if (!existing || this.#isUnknownYet(situation, existing)) return notFound(situation);
    if (method === "PATCH") return this.#patch(situation, existing);
    if (method === "POST") return this.#act(situation, existing);
    return answer(200, method === "HEAD" ? undefined : this.#view(existing), {
      etag: existing.etag,
      ...this.#whenToLookAgain(existing),
    });
  }

  /** Whoever polls a compute under way is told when to come back. */
  #whenToLookAgain({ id, type }: StoredResource): Record<string, string> {
    const { store, rules, clock } = this.#options;
    if (!concerns({ type: COMPUTES }, type) || store.running(id).length === 0) return {};
    if (!rules.isOn(behaviours.busyComputeSaysWhen)) return {};
    return { "retry-after": String(clock.askToWait(POLL_SECONDS)) };
  }

  #isUnknownYet({ store, request, nowMs }: Situation, existing: StoredResource): boolean {
    if (!this.#options.rules.isOn(behaviours.newResourceUnknown)) return false;
    if (!REPLICATED.test(existing.type) || existing.reads > 0) return false;
    if (nowMs - existing.createdAtMs >= LAG_MS) return false;
    store.countRead(existing.id);
    return request.method === "GET";
  }

  #list(base: string, { request, store, nowMs }: Situation): Answer {
    const lags = this.#options.rules.isOn(behaviours.listLags);
    const prefix = request.path.parentId ?? `/${request.path.scope}`;
    const isVisible = (resource: StoredResource) => !lags || nowMs - resource.createdAtMs >= LAG_MS;
    const isByScope =
      this.#options.rules.isOn(behaviours.assignmentsByScope) &&
      concerns({ type: ROLE_ASSIGNMENTS }, request.path.type);
    if (isByScope)
      return this.#listAssignments(request, store.list(ROLE_ASSIGNMENTS).filter(isVisible));
    const shown = store.list(request.path.type, prefix).filter(isVisible);
    const views = shown.map((resource) => this.#view(resource));
    const isPaged =
      this.#options.rules.isOn(behaviours.listsPaged) &&
      request.path.type.startsWith("Microsoft.MachineLearningServices/");
    return answer(200, isPaged ? pageOf(views, base, request) : { value: views });
  }

  #listAssignments({ path, query }: ArmRequest, all: readonly StoredResource[]): Answer {
    const found = assignmentsAtScope(all, `/${path.scope}`, query.get("$filter") ?? "");
    return found.ok
      ? answer(200, { value: found.assignments.map((each) => this.#view(each)) })
      : refusal(found.error, (seconds) => seconds);
  }

  #put(base: string, situation: Situation): Answer {
    const { request, existing } = situation;
    const id = existing?.id ?? request.path.text;
    const isCluster = concerns({ type: CLUSTERS }, request.path.type);
    const isAks = isCluster || concerns({ type: POOLS }, request.path.type);
    const given = this.#located(without(request.body, ["id", "name", "type"]));
    const kept =
      isAks && existing
        ? {
            ...given,
            properties: withUnsetKept(
              objectAt(given, "properties"),
              objectAt(existing.body, "properties"),
            ),
          }
        : given;
    const filled = this.#filled(isCluster ? withoutPools(kept) : kept, situation);
    const { body, outcomes } = this.#heldBack(id, filled, existing);
    const stored = this.#store(id, request.path.type, body, existing);
    const inline = isCluster ? this.#putInlinePools(stored, situation) : [];
    const isNewCompute = !existing && concerns({ type: COMPUTES }, request.path.type);
    if (isNewCompute && this.#options.rules.isOn(behaviours.secondAttachmentBreaksFirst)) {
      breakOtherAttachments(this.#options.store, stored, situation.nowMs);
    }
    const verb = existing ? "update" : "create";
    const status = existing ? 200 : 201;
    return this.#begin(base, situation, id, verb, status, [...outcomes, ...inline]);
  }

  /** A region's name in answers has neither spaces nor capitals. */
  #located(body: JsonObject): JsonObject {
    const location = textAt(body, "location");
    return location === undefined || !this.#options.rules.isOn(behaviours.locationsNormalized)
      ? body
      : { ...body, location: location.replaceAll(" ", "").toLowerCase() };
  }

  /** What runs stays in the body until the upgrade has ended. */
  #heldBack(id: string, body: JsonObject, existing: StoredResource | undefined) {
    return existing && this.#options.rules.isOn(behaviours.upgradeEndsLater)
      ? holdBackVersions(id, body, existing)
      : { body, outcomes: [] };
  }

  #store(id: string, type: string, body: JsonObject, existing: StoredResource | undefined) {
    const { store, clock } = this.#options;
    const state = findResourceType(type)?.seconds
      ? existing
        ? "Updating"
        : "Creating"
      : "Succeeded";
    const hasState =
      body["properties"] !== undefined || findResourceType(type)?.seconds !== undefined;
    const written = hasState ? withValueAt(body, "properties.provisioningState", state) : body;
    return store.put(id, type, written, clock.now());
  }

  #filled(body: JsonObject, situation: Situation): JsonObject {
    return this.#options.rules.fillings
      .filter((rule) => concerns(rule, situation.request.path.type))
      .reduce((filled, rule) => rule.fill(filled, situation), body);
  }

  /**
   * Pools named in a cluster's body are written with it; an edit of one of them sets all to work. Gives what their
   * upgrades change when the cluster's work has ended.
   */
  #putInlinePools(cluster: StoredResource, situation: Situation): readonly Outcome[] {
    const { store, clock, rules } = this.#options;
    const asked = inlinePools(situation.request.body);
    const outcomes: Outcome[] = [];
    let edited = false;
    for (const pool of asked) {
      const id = `${cluster.id}/agentPools/${pool.name}`;
      const before = store.get(id);
      edited ||= before !== undefined && poolDiffers(pool, before);
      const properties = withUnsetKept(pool.properties, objectAt(before?.body, "properties"));
      const request = { ...situation.request, path: parseArmPath(id, "PUT"), body: { properties } };
      const filled = this.#filled({ properties }, { ...situation, request, existing: before });
      const { body, outcomes: later } = this.#heldBack(id, filled, before);
      outcomes.push(...later);
      store.put(
        id,
        POOLS,
        withValueAt(body, "properties.provisioningState", "Succeeded"),
        clock.now(),
      );
    }
    const pools = store.list(POOLS, cluster.id);
    if (!rules.isOn(behaviours.poolsStay)) {
      const names = new Set(asked.map((pool) => pool.name));
      for (const pool of pools) if (!names.has(pool.name)) store.remove(pool.id);
    }
    if (edited && rules.isOn(behaviours.inlinePoolsScaleTogether)) {
      for (const pool of pools) store.begin(pool.id, "update", clock.now(), 60);
    }
    return outcomes;
  }

  #patch(situation: Situation, existing: StoredResource): Answer {
    const body = mergePatch(existing.body, situation.request.body);
    const stored = this.#options.store.put(existing.id, existing.type, body, situation.nowMs);
    return answer(200, this.#view(stored), { etag: stored.etag });
  }

  #delete(base: string, situation: Situation): Answer {
    const { request, existing, store } = situation;
    if (!existing) return answer(204);
    const isGroup = request.path.type === "Microsoft.Resources/resourceGroups";
    if (!isGroup && !findResourceType(request.path.type)?.seconds) {
      const view = this.#view(existing);
      store.remove(existing.id);
      return answer(200, view);
    }
    const withCluster = request.query.get("underlyingResourceAction") === "Delete";
    if (withCluster && this.#options.rules.isOn(behaviours.createdClusterDeleted)) {
      deleteCreatedCluster(store, existing, situation.nowMs);
    }
    return this.#begin(base, situation, existing.id, "delete", 202);
  }

  #begin(
    base: string,
    situation: Situation,
    id: string,
    verb: OperationVerb,
    status: number,
    outcomes: readonly Outcome[] = [],
  ): Answer {
    const { store, clock, rules } = this.#options;
    const { type } = situation.request.path;
    const isGroupDelete = type === "Microsoft.Resources/resourceGroups" && verb === "delete";
    const planned = isGroupDelete ? 60 : findResourceType(type)?.seconds?.[verb];
    if (planned === undefined) {
      return answer(status, this.#viewOf(id), { etag: store.get(id)?.etag ?? "" });
    }
    const seconds = rules.isOn(behaviours.workTakesTime) ? planned : 0;
    const operation = store.begin(id, verb, clock.now(), seconds, outcomes);
    if (seconds === 0) store.settle(clock.now());
    const body = verb === "delete" ? undefined : this.#viewOf(id);
    const version = situation.request.query.get("api-version") ?? "";
    if (seconds === 0) return answer(verb === "delete" ? 204 : status, body);
    const headers = operationHeaders(base, operation, type, version, clock, verb === "delete");
    return answer(status, body, headers);
  }

  #act({ request }: Situation, existing: StoredResource): Answer {
    const action = request.path.action?.toLowerCase();
    const { rules, kubeconfig } = this.#options;
    const credentials = concerns({ type: CLUSTERS }, existing.type)
      ? answerCredentials(action ?? "", existing, rules, kubeconfig)
      : undefined;
    if (credentials) return credentials;
    if (action === "listkeys" && /\/computes$/i.test(existing.type)) {
      return answer(200, {
        computeType: textAt(existing.body, "properties.computeType"),
        userKubeConfig: null,
        adminKubeConfig: null,
        imagePullSecretName: null,
      });
    }
    return refusal(
      {
        status: 404,
        code: "InvalidResourceAction",
        message: `No action ${action ?? ""} on ${existing.type}.`,
      },
      (seconds) => seconds,
    );
  }

  #viewOf(id: string): unknown {
    const stored = this.#options.store.get(id);
    return stored && this.#view(stored);
  }

  #view(resource: StoredResource): JsonObject {
    const { store, rules } = this.#options;
    const body = concerns({ type: CLUSTERS }, resource.type)
      ? withPools(resource, store)
      : concerns({ type: POOLS }, resource.type)
        ? withValueAt(resource.body, "properties.eTag", resource.etag)
        : resource.body;
    const masked = rules.maskings
      .filter((rule) => concerns(rule, resource.type))
      .reduce((shown, rule) => rule.mask(shown), body);
    const systemData = {
      createdAt: new Date(resource.createdAtMs).toISOString(),
      createdBy: guidOf("caller"),
    };
    const isLower =
      /^Microsoft\.ContainerService\//i.test(resource.type) &&
      rules.isOn(behaviours.aksIdsLowerCase);
    const id = isLower
      ? resource.id.replace(/\/resourceGroups\//i, "/resourcegroups/")
      : resource.id;
    return { id, name: resource.name, type: resource.type, systemData, ...masked };
  }
}

function notFound({ request }: Situation): Answer {
  const { type, name, resourceGroup } = request.path;
  return refusal(
    {
      status: 404,
      code: "ResourceNotFound",
      message: `The Resource '${type}/${name ?? ""}' under resource group '${resourceGroup ?? ""}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    },
    (seconds) => seconds,
  );
}
