// Shows the quickstart's endpoint at work: right predictions, each version's share, more replicas in a burst.
import { setTimeout as sleep } from "node:timers/promises";
import { predictFromModelFile } from "./predict-from-model-file";
import type { Report } from "../programs";
import { readReplicas, type Replicas } from "./replicas";
import { score, scoreMany, type ScoringTarget } from "./score";
import { shareByVersion } from "./summarize";
import { renderTable } from "./table";

/** Rows of scikit-learn's diabetes data, as a client would send them. */
export const SAMPLE_ROWS: readonly (readonly number[])[] = [
  [0.038, 0.051, 0.062, 0.022, -0.044, -0.035, -0.043, -0.003, 0.02, -0.018],
  [-0.002, -0.045, -0.051, -0.026, -0.008, -0.019, 0.074, -0.039, -0.068, -0.092],
  [0.085, 0.051, 0.044, -0.006, -0.046, -0.034, -0.032, -0.003, 0.003, -0.026],
];

const ENDPOINT = "diabetes";

/** The burst goes on until a version's new replicas are ready: how quickly a machine starts them differs widely. */
const BURST_MS = { least: 10_000, most: 60_000 };

/** The endpoint's versions, and the model's version that each serves. */
const VERSIONS = { blue: "1", green: "2" } as const;

/** Runs the demonstration and prints its tables; throws when the endpoint answers wrongly. */
export async function demonstrate(
  target: ScoringTarget,
  kubeconfig: string,
  report: Report,
): Promise<void> {
  report("\nThe same rows, scored by the endpoint and computed from the model file:\n");
  report(await predictionTable(target, kubeconfig));
  report("\n400 requests:\n");
  report(await shareTable(target));
  report("\nA burst of 24 clients, until its replicas are ready:\n");
  report(await burstTable(target, kubeconfig));
}

async function predictionTable(target: ScoringTarget, kubeconfig: string): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const [version, modelVersion] of Object.entries(VERSIONS)) {
    const expected = await predictFromModelFile(modelVersion, SAMPLE_ROWS, { kubeconfig });
    const answer = await score(target, { data: SAMPLE_ROWS }, version);
    if (answer.status !== 200) {
      throw new Error(`${target.scoringUri} must answer 200: ${answer.status} ${answer.body}`);
    }
    const predictions = JSON.parse(answer.body) as readonly number[];
    expected.forEach((value, index) => {
      const prediction = predictions[index] ?? NaN;
      const equal = Math.abs(prediction - value) < 1e-6;
      rows.push([version, index + 1, prediction.toFixed(4), value.toFixed(4), equal ? "✓" : "✗"]);
    });
  }
  const table = renderTable(["version", "row", "endpoint", "model file", "equal"], rows);
  if (rows.some((row) => row.at(-1) === "✗")) {
    throw new Error(`The endpoint must predict what its model file does:\n${table}`);
  }
  return table;
}

async function shareTable(target: ScoringTarget): Promise<string> {
  const scores = await scoreMany(
    target,
    { data: SAMPLE_ROWS },
    { enough: (sent) => sent >= 400, concurrency: 1 },
  );
  return renderTable(
    ["version", "requests", "share %", "median ms", "p99 ms"],
    shareByVersion(scores).map(({ version, requests, percent, medianMs, p99Ms }) => [
      version,
      requests,
      Number(percent.toFixed(1)),
      Number(medianMs.toFixed(1)),
      Number(p99Ms.toFixed(1)),
    ]),
  );
}

async function burstTable(target: ScoringTarget, kubeconfig: string): Promise<string> {
  const before = await readReplicas(kubeconfig, ENDPOINT);
  let during = before;
  const startedMs = performance.now();
  const ended = () => {
    const elapsedMs = performance.now() - startedMs;
    return elapsedMs > BURST_MS.most || (elapsedMs > BURST_MS.least && hasGrown(before, during));
  };
  const burst = scoreMany(target, { data: SAMPLE_ROWS }, { enough: ended, concurrency: 24 });
  while (!ended()) {
    during = await readReplicas(kubeconfig, ENDPOINT);
    await sleep(500);
  }
  const served = shareByVersion(await burst);
  return renderTable(
    ["version", "replicas before", "wanted during", "ready during", "requests served"],
    Object.keys(VERSIONS).map((version) => [
      version,
      before[version]?.ready ?? 0,
      during[version]?.wanted ?? 0,
      during[version]?.ready ?? 0,
      served.find((share) => share.version === version)?.requests ?? 0,
    ]),
  );
}

/** Whether a version got replicas, and all that it wants are ready. */
function hasGrown(before: Replicas, during: Replicas): boolean {
  return Object.entries(during).some(([version, { wanted, ready }]) => {
    return wanted > (before[version]?.wanted ?? 0) && ready === wanted;
  });
}
