// Sends one scoring request and tells what came back, with the time it took.
import { request } from "node:http";
import { VERSION_HEADER } from "../../contracts/scoring-api";

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
 * @param version picks a version by hand; by default the weights do
 * @throws Error when no HTTP answer came
 */
export function score(target: ScoringTarget, body: unknown, version?: string): Promise<Score> {
  const startedMs = performance.now();
  const headers = {
    "content-type": "application/json",
    ...(target.key === undefined ? {} : { authorization: `Bearer ${target.key}` }),
    ...(version === undefined ? {} : { [VERSION_HEADER]: version }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(target.scoringUri, { method: "POST", headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const served = incoming.headers[VERSION_HEADER];
        resolve({
          status: incoming.statusCode ?? 0,
          version: typeof served === "string" ? served : undefined,
          body: Buffer.concat(chunks).toString(),
          durationMs: performance.now() - startedMs,
        });
      });
    });
    outgoing.on("error", (cause) => {
      reject(new Error(`Cannot reach ${target.scoringUri}: ${cause.message}`, { cause }));
    });
    outgoing.end(JSON.stringify(body));
  });
}

/** Sends requests, `concurrency` at a time, until `enough` of the number sent says so, and returns every answer. */
export async function scoreMany(
  target: ScoringTarget,
  body: unknown,
  {
    enough,
    concurrency,
  }: { readonly enough: (sent: number) => boolean; readonly concurrency: number },
): Promise<readonly Score[]> {
  const scores: Score[] = [];
  let sent = 0;
  const client = async () => {
    while (!enough(sent)) {
      sent += 1;
      scores.push(await score(target, body));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return scores;
}
