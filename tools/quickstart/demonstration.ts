// Shows the quickstart's endpoint at work: right predictions, each version's share, more replicas in a burst.
import { setTimeout as sleep } from "node:timers/promises";
import { predictFromModelFile } from "../images/predict-from-model-file";
import type { Report } from "../setup/progress";
import { readyReplicas, type Replicas } from "./replicas";
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
  report("\nA burst of 24 clients for 15 seconds:\n");
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
  const before = await readyReplicas(kubeconfig, ENDPOINT);
  const endMs = performance.now() + 15_000;
  const ended = () => performance.now() >= endMs;
  const burst = scoreMany(target, { data: SAMPLE_ROWS }, { enough: ended, concurrency: 24 });
  const most: Record<string, number> = { ...before };
  while (!ended()) {
    const now: Replicas = await readyReplicas(kubeconfig, ENDPOINT);
    for (const [version, count] of Object.entries(now)) {
      most[version] = Math.max(most[version] ?? 0, count);
    }
    await sleep(500);
  }
  const served = shareByVersion(await burst);
  return renderTable(
    ["version", "replicas before", "during", "requests served"],
    Object.keys(VERSIONS).map((version) => [
      version,
      before[version] ?? 0,
      most[version] ?? 0,
      served.find((share) => share.version === version)?.requests ?? 0,
    ]),
  );
}
