// Sends one scoring request and tells what came back, with the time it took.
import { request } from "node:http";

/** Where and with which key to score. */
export interface ScoringTarget {
  readonly scoringUri: string;
  /** Bearer key; undefined sends none. */
  readonly key: string | undefined;
}

export interface Score {
  readonly status: number;
  /** The version that answered; undefined when none did. */
  readonly version: string | undefined;
  readonly body: string;
  readonly durationMs: number;
}

/**
 * POSTs a JSON body.
 * @throws Error when no HTTP answer came
 */
export function score(target: ScoringTarget, body: unknown): Promise<Score> {
  const startedMs = performance.now();
  const authorization = target.key === undefined ? {} : { authorization: `Bearer ${target.key}` };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      target.scoringUri,
      { method: "POST", headers: { "content-type": "application/json", ...authorization } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const version = incoming.headers["azureml-model-deployment"];
          resolve({
            status: incoming.statusCode ?? 0,
            version: typeof version === "string" ? version : undefined,
            body: Buffer.concat(chunks).toString(),
            durationMs: performance.now() - startedMs,
          });
        });
      },
    );
    outgoing.on("error", (cause) => {
      reject(new Error(`Cannot reach ${target.scoringUri}: ${cause.message}`, { cause }));
    });
    outgoing.end(JSON.stringify(body));
  });
}

/** Sends `count` requests, `concurrency` at a time, and returns every answer. */
export async function scoreMany(
  target: ScoringTarget,
  body: unknown,
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
): Promise<readonly Score[]> {
  const scores: Score[] = [];
  let sent = 0;
  const client = async () => {
    while (sent < count) {
      sent += 1;
      scores.push(await score(target, body));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return scores;
}
