// Parses and validates one line of the metrics channel.

import type {
  EndpointSample,
  RouterSample,
  VersionSample,
} from "../../../../contracts/metrics-channel/router-sample";

export type ParsedSample =
  | { readonly ok: true; readonly sample: RouterSample }
  | { readonly ok: false; readonly message: string };

/** A RouterSample, or a message with the property's path, its value and what is legal. */
export function parseSample(line: string): ParsedSample {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, message: "a sample must be one JSON object per line: it is not JSON" };
  }
  const problem = sampleProblem(value);
  return problem === undefined
    ? { ok: true, sample: value as RouterSample } // every property is validated
    : { ok: false, message: sentence(problem) };
}

/** An illegal value and its path. The path is built only when an error was found: this runs for every sample. */
interface Problem {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly legal: string;
}

function sampleProblem(value: unknown): Problem | undefined {
  if (!isObject(value)) return illegal("sample", value, "an object");
  if (typeof value["router"] !== "string" || value["router"] === "") {
    return illegal("router", value["router"], "the router's pod name");
  }
  if (!isCount(value["sequence"])) return illegal("sequence", value["sequence"], COUNT);
  if (typeof value["full"] !== "boolean") return illegal("full", value["full"], "true or false");
  return entriesProblem("endpoints", value["endpoints"], endpointProblem);
}

function endpointProblem(value: unknown): Problem | undefined {
  const endpoint = value as Unchecked<EndpointSample> | null | undefined;
  if (!isObject(endpoint)) return { path: [], value, legal: "an object" };
  if (!isCount(endpoint.appliedGeneration)) {
    return illegal("appliedGeneration", endpoint.appliedGeneration, COUNT);
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
    return illegal("problem", problem, "a reason and a message");
  }
  return entriesProblem("versions", endpoint.versions, versionProblem);
}

function versionProblem(value: unknown): Problem | undefined {
  const version = value as Unchecked<VersionSample> | null | undefined;
  if (!isObject(version)) return { path: [], value, legal: "an object" };
  for (const name of COUNTS) {
    if (!isCount(version[name])) return illegal(name, version[name], COUNT);
  }
  return entriesProblem("draining", version.draining, (count) =>
    isCount(count) ? undefined : { path: [], value: count, legal: COUNT },
  );
}

function entriesProblem(
  name: string,
  value: unknown,
  check: (value: unknown) => Problem | undefined,
): Problem | undefined {
  if (!isObject(value)) return illegal(name, value, "an object");
  for (const key of Object.keys(value)) {
    const problem = check(value[key]);
    if (problem !== undefined) return { ...problem, path: [name, key, ...problem.path] };
  }
  return undefined;
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown };

const COUNT = "a whole number from 0";
const COUNTS = ["inFlight", "queued", "slots", "arrivals"] as const;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject<T>(value: T): value is T & Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function illegal(name: string, value: unknown, legal: string): Problem {
  return { path: [name], value, legal };
}

function sentence({ path, value, legal }: Problem): string {
  const shown = value === undefined ? "missing" : (JSON.stringify(value) ?? "?").slice(0, 80);
  return `${path.join(".")} must be ${legal}: it is ${shown}`;
}
