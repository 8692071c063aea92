// Reads one line of the metrics channel: JSON of a shape that nothing vouches for.

import type {
  EndpointSample,
  RouterSample,
  VersionSample,
} from "../../metrics-channel/router-sample";

export type ParsedSample =
  | { readonly ok: true; readonly sample: RouterSample }
  | { readonly ok: false; readonly message: string };

/** A RouterSample, or a sentence that names the property, its value and what is legal. */
export function parseSample(line: string): ParsedSample {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, message: "a sample must be one JSON object per line: it is not JSON" };
  }
  const problem = sampleProblem(value);
  return problem === undefined
    ? { ok: true, sample: value as RouterSample } // every property was looked at
    : { ok: false, message: problem };
}

function sampleProblem(value: unknown): string | undefined {
  if (!isObject(value)) return illegal("sample", value, "an object");
  if (typeof value["router"] !== "string" || value["router"] === "") {
    return illegal("router", value["router"], "the router's pod name");
  }
  if (!isCount(value["sequence"])) return illegal("sequence", value["sequence"], COUNT);
  if (typeof value["full"] !== "boolean") return illegal("full", value["full"], "true or false");
  return entriesProblem("endpoints", value["endpoints"], endpointProblem);
}

function endpointProblem(path: string, value: unknown): string | undefined {
  const endpoint = value as Unchecked<EndpointSample> | null | undefined;
  if (!isObject(endpoint)) return illegal(path, endpoint, "an object");
  if (!isCount(endpoint.appliedGeneration)) {
    return illegal(`${path}.appliedGeneration`, endpoint.appliedGeneration, COUNT);
  }
  const { problem } = endpoint;
  if (
    problem !== undefined &&
    !(
      isObject(problem) &&
      typeof problem["reason"] === "string" &&
      typeof problem["message"] === "string"
    )
  ) {
    return illegal(`${path}.problem`, problem, "a reason and a message");
  }
  return entriesProblem(`${path}.versions`, endpoint.versions, versionProblem);
}

function versionProblem(path: string, value: unknown): string | undefined {
  const version = value as Unchecked<VersionSample> | null | undefined;
  if (!isObject(version)) return illegal(path, version, "an object");
  for (const name of ["inFlight", "queued", "slots", "arrivals"] as const) {
    if (!isCount(version[name])) return illegal(`${path}.${name}`, version[name], COUNT);
  }
  return entriesProblem(`${path}.draining`, version.draining, (pod, count) =>
    isCount(count) ? undefined : illegal(pod, count, COUNT),
  );
}

function entriesProblem(
  path: string,
  value: unknown,
  check: (path: string, value: unknown) => string | undefined,
): string | undefined {
  if (!isObject(value)) return illegal(path, value, "an object");
  for (const [key, entry] of Object.entries(value)) {
    const problem = check(`${path}.${key}`, entry);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown };

const COUNT = "a whole number from 0";

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject<T>(value: T): value is T & Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function illegal(path: string, value: unknown, legal: string): string {
  const shown = value === undefined ? "missing" : (JSON.stringify(value) ?? "?").slice(0, 80);
  return `${path} must be ${legal}: it is ${shown}`;
}
