// The loop of the leader against an API server: what it writes while scaling fails, and once there is nothing to scale.

import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  COMPLETE_KEY,
  type NamesConfigMap,
  readClaims,
} from "../../../../../contracts/model-endpoint/name-claims";
import {
  ENDPOINT_LABEL,
  type ModelEndpointStatus,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../../../../contracts/model-endpoint/model-endpoint";
import type { ApiClient } from "../../../../../kubernetes/io/api-client";
import type { ChosenScaler } from "../../../../../serving/autoscaler/leadership/core/choose-scaler";
import type { ListedDeployment } from "../../../../../kubernetes/core/workload";
import type { RouterView } from "../../../../../serving/autoscaler/load/core/router-view";
import { ControlLoop, TICK_MS } from "../../../../../serving/autoscaler/loop/io/control-loop";
import { setUpApiServer } from "../../../../support/api-server";
import { autoscaleOf, endpointOf, versionOf } from "../../../../support/model-endpoints";

const COMPLETE: NamesConfigMap = { data: { [COMPLETE_KEY]: "true", "declared.churn": "ns" } };
const HOLD_MS = 1_000;
const ENDPOINT = endpointOf({
  versions: [versionOf("blue", { autoscale: autoscaleOf({ maxReplicas: 4 }) })],
});
const DEPLOYMENT: ListedDeployment = {
  metadata: {
    name: "blue",
    namespace: "ns",
    labels: { [ENDPOINT_LABEL]: "churn", [VERSION_LABEL]: "blue" },
    annotations: { [SCALE_MODE_ANNOTATION]: "auto" },
  },
  spec: { replicas: 1 },
  status: { readyReplicas: 1 },
};

describe("ControlLoop", () => {
  let client: ApiClient;
  const statuses: ModelEndpointStatus[] = [];
  const paths = new Set<string>();
  const claims: Record<string, string>[] = [];
  let scaled: number;

  /** Refuses to scale, takes the status and events. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url?.includes("/scale") === true) {
      scaled += 1;
      return void response.writeHead(403).end('{"message":"exceeded quota"}');
    }
    if (request.url?.includes("/configmaps") === true) {
      claims.push((JSON.parse(body) as { data: Record<string, string> }).data);
    }
    if (request.url?.includes("/status") === true) {
      paths.add(request.url);
      statuses.push((JSON.parse(body) as { status: ModelEndpointStatus }).status);
    }
    response.end("{}");
  }

  setUpApiServer(answer, (started) => ({ client } = started));

  /** A loop under so many requests in flight; `run` lets time pass and returns the last status of the version. */
  function startLoop(
    chosen: ChosenScaler,
    names: NamesConfigMap = COMPLETE,
    endpoints = new Map([["ns/churn", ENDPOINT]]),
  ) {
    let nowMs = 0;
    let inFlight = 3;
    const views = new Map<string, RouterView>();
    const loop = new ControlLoop({
      client,
      cluster: {
        endpoints,
        deployments: new Map([["ns/blue", DEPLOYMENT]]),
        admitted: () => ({
          endpoints: new Map([["ns/churn", ENDPOINT]]),
          refused: new Map(),
          namespaces: new Set(["ns"]),
          claims: readClaims(names, []),
          names,
          released: new Set(),
        }),
        podsOf: () => [],
        readyRouters: () => new Set(["router"]),
        routers: () => new Map([["router", { uid: "", addresses: [] }]]),
        scalerOfUnnamed: () => chosen,
        troubleIn: () => undefined,
        isSynced: () => true,
        stopped: Promise.resolve(),
      },
      samples: { views, forget: () => undefined, close: () => Promise.resolve() },
      leadership: { isLeader: () => true, release: () => Promise.resolve() },
      identity: "a",
      namespace: "aml",
      maxClaimsPerNamespace: 10,
      holdMs: HOLD_MS,
      monotonicMs: () => nowMs,
    });
    const run = async (durationMs: number) => {
      for (const untilMs = nowMs + durationMs; nowMs < untilMs; nowMs += TICK_MS) {
        const blue = { inFlight, queued: 0, slots: 1, arrivals: 0, draining: {} };
        const sample = { appliedGeneration: 1, versions: { blue } };
        const endpoints = new Map([["ns/churn", sample]]);
        views.set("router", { router: "router", sequence: 1, receivedAtMs: nowMs, endpoints });
        loop.tick();
        await loop.idle();
      }
      return statuses.at(-1)?.versions?.[0];
    };
    return { run, setInFlight: (count: number) => void (inFlight = count) };
  }

  beforeEach(() => {
    statuses.length = 0;
    paths.clear();
    claims.length = 0;
    scaled = 0;
  });

  it("says that scaling failed while it is wanted, and no longer once the load has fallen", async () => {
    const { run, setInFlight } = startLoop({ isOurs: true, namespaces: ["aml"] });
    const failing = await run(5_000);
    assert.equal(failing?.reason, "ScaleFailed");
    assert.ok(scaled > 0);
    assert.match(failing.message, /1 → 4 replicas failed: 403: exceeded quota/);
    setInFlight(0);
    const idle = await run(5 * HOLD_MS);
    assert.equal(idle?.reason, "WithinTarget");
  });

  it("claims the names of what is served, and writes no status before", async () => {
    const chosen = { isOurs: true, namespaces: ["aml"] };
    assert.equal(await startLoop(chosen, { data: {} }).run(1_100), undefined);
    assert.deepEqual(claims[0], { [COMPLETE_KEY]: "true", "seen.churn": "ns" });
    claims.length = 0;
    await startLoop(chosen).run(1_100);
    assert.deepEqual(claims, [], "a declared name needs no other claim");
    assert.ok(statuses.length > 0);
  });

  it("writes the status of each endpoint, however many others always have one to write", async () => {
    // More in each tick than are written at a time, and no status is ever taken over.
    const names = Array.from({ length: 400 }, (_, index) => `churn-${index}`);
    const endpoints = new Map(names.map((name) => [`ns/${name}`, endpointOf({}, { name })]));
    await startLoop({ isOurs: true, namespaces: ["aml"] }, COMPLETE, endpoints).run(10_000);
    assert.equal(paths.size, names.length);
  });

  it("leaves an endpoint that names no router to the autoscaler that was chosen", async () => {
    const { run } = startLoop({ isOurs: false, namespaces: ["other", "aml"] });
    assert.equal(await run(5_000), undefined);
    assert.equal(scaled, 0);
  });
});
