// CPU time of the autoscaler's decisions: 1,000 versions, ten times a second, reported by one router.
import { countRouters } from "../../serving/autoscaler/load/core/aggregate-samples";
import type { ListedDeployment } from "../../kubernetes/core/workload";
import { parseSample } from "../../serving/autoscaler/load/core/parse-sample";
import { planScaling, type VersionRecord } from "../../serving/autoscaler/scale/core/plan-scaling";
import { applySample, type RouterView } from "../../serving/autoscaler/load/core/router-view";
import { SAMPLE_PERIOD_MS } from "../../contracts/metrics-channel/router-sample";
import {
  type ModelEndpoint,
  SCALE_MODE_ANNOTATION,
} from "../../contracts/model-endpoint/model-endpoint";
import { autoscaleOf, endpointOf, versionOf } from "../../tests/support/model-endpoints";
import type { Figure, Scenario } from "./figure";

const VERSIONS = 1_000;
const SECONDS = 20;
const TICKS = (SECONDS * 1_000) / SAMPLE_PERIOD_MS;
const RUNS = 5;
/** What it must stay below: a tenth of one core. */
const LIMIT_PERCENT = 10;

export const decisionTime: Scenario = {
  name: `decision time for ${VERSIONS} versions at 10 Hz`,
  run: () => Promise.resolve([measure(decisionTime.name)]),
};

function measure(name: string): Figure {
  play(); // the compiler's warm-up
  const percents = Array.from({ length: RUNS }, play).sort((a, b) => a - b);
  const value = percents[Math.floor(RUNS / 2)] ?? NaN;
  return {
    name,
    value,
    unit: "% of one core",
    baseline: LIMIT_PERCENT,
    ratio: value / LIMIT_PERCENT,
    min: percents[0] ?? NaN,
    max: percents.at(-1) ?? NaN,
    runs: RUNS,
  };
}

/** Reads every sample's line, sums, remembers and decides, for `SECONDS` of virtual time; percent of one core. */
function play(): number {
  const { endpoints, deployments } = versions();
  const lines = Array.from({ length: 10 }, (_, phase) => sampleLine(phase));
  const readyRouters = new Set(["router"]);
  let view: RouterView | undefined;
  let records: ReadonlyMap<string, VersionRecord> = new Map();
  const before = process.cpuUsage();
  for (let tick = 1; tick <= TICKS; tick += 1) {
    const nowMs = tick * SAMPLE_PERIOD_MS;
    const parsed = parseSample(lines[tick % lines.length] ?? "");
    if (!parsed.ok) throw new Error(parsed.message);
    const applied = applySample(view, { ...parsed.sample, sequence: tick }, nowMs);
    if (!applied.ok) throw new Error(applied.message);
    view = applied.view;
    const routers = countRouters([view], readyRouters, nowMs);
    records = planScaling({ endpoints, deployments, routers, holdMs: 60_000 }, records, nowMs);
  }
  const { user, system } = process.cpuUsage(before);
  if (records.size !== VERSIONS) throw new Error(`${records.size} versions were decided`);
  return ((user + system) / 1e6 / SECONDS) * 100;
}

function versions(): {
  endpoints: ReadonlyMap<string, ModelEndpoint>;
  deployments: ReadonlyMap<string, ListedDeployment>;
} {
  const endpoints = new Map<string, ModelEndpoint>();
  const deployments = new Map<string, ListedDeployment>();
  const autoscale = autoscaleOf({ maxReplicas: 100 });
  for (let index = 0; index < VERSIONS; index += 1) {
    const name = `endpoint-${index}`;
    deployments.set(`models/${name}`, {
      metadata: { name, annotations: { [SCALE_MODE_ANNOTATION]: "auto" } },
      spec: { replicas: 10 },
    });
    const version = { serviceName: name, deploymentName: name, autoscale };
    const spec = { versions: [versionOf("blue", version)] };
    endpoints.set(`models/${name}`, endpointOf(spec, { name, namespace: "models" }));
  }
  return { endpoints, deployments };
}

/** All versions busy and all changed: the most that a router can say. */
function sampleLine(phase: number): string {
  const endpoints = Object.fromEntries(
    Array.from({ length: VERSIONS }, (_, index) => {
      const inFlight = (index * 7 + phase * 3) % 11;
      const blue = { inFlight, queued: phase % 3, slots: 10, arrivals: phase, draining: {} };
      return [`models/endpoint-${index}`, { appliedGeneration: 1, versions: { blue } }];
    }),
  );
  return JSON.stringify({ router: "router", sequence: 1, full: true, endpoints });
}
