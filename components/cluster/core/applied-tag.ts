// The tags of our resources: ours are corrected, everybody else's stay.
//
// Two tags are the package's own. `aml-inference` names the owner. `aml-inference-applied` says when a run last sent the
// resource, what it corrected then, and which tags are the program's: so a tag that the program gives up can be told from one
// that Azure Policy or a person set.
import { createHash } from "node:crypto";
import { type Difference } from "./compare-live";

/** Name of the tag that carries the owner: `project/stack/component`. */
export const MARK_TAG = "aml-inference";
/** Name of the tag that a run writes whenever it sends the resource. */
export const APPLIED_TAG = "aml-inference-applied";

const ATTEMPTS = 3;

type Tags = Readonly<Record<string, string>>;

interface Applied {
  /** Digest of what was corrected. */
  readonly cause: string;
  /** How often it was corrected in a row. */
  readonly attempt: number;
  /** Digests of the names of the program's tags: 46 names fit into the 256 characters of a value. */
  readonly names: readonly string[];
}

export interface TagPlan {
  readonly differences: readonly Difference[];
  /** What Azure is to have, without `APPLIED_TAG`. */
  readonly tags: Tags;
}

/** Lays the declared tags over the live ones; what the program no longer declares is taken away. */
export function planTags(declared: Tags, live: Tags | undefined): TagPlan {
  const applied = readApplied(live?.[APPLIED_TAG]);
  const names = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]));
  const isGivenUp = (name: string) =>
    !names.has(name.toLowerCase()) && applied.names.includes(digestOf(name.toLowerCase(), 4));
  const isOwn = (name: string) => name === APPLIED_TAG || names.has(name.toLowerCase());
  const others = Object.entries(live ?? {}).filter(([name]) => !isOwn(name) && !isGivenUp(name));
  const differences = [
    ...Object.entries(declared).map(([name, value]) =>
      difference(name, value, valueOf(live, name)),
    ),
    ...Object.entries(live ?? {}).map(([name, value]) =>
      difference(name, isGivenUp(name) ? undefined : value, value),
    ),
    // A record from before this tag existed lacks the names.
    ...(sameNames(namesOf(declared), applied.names)
      ? []
      : [difference(APPLIED_TAG, namesOf(declared).join(" "), applied.names.join(" "))]),
  ].filter(({ declared: wanted, live: has }) => wanted !== has);
  return { differences, tags: { ...Object.fromEntries(others), ...declared } };
}

function difference(name: string, declared?: string, live?: string): Difference {
  return { path: `tags.${name}`, declared, live };
}

/**
 * The value of `APPLIED_TAG` for a resource that is sent: never the same twice, so the engine always sends it.
 * @param live the value that Azure has
 * @returns undefined when the same was corrected `ATTEMPTS` times in a row and is there again: Azure does not take it
 */
export function nextApplied(
  declared: Tags,
  live: string | undefined,
  differences: readonly Difference[],
  now: Date,
): string | undefined {
  const cause = digestOf(JSON.stringify(differences), 8);
  const former = readApplied(live);
  const attempt = former.cause === cause ? former.attempt + 1 : 1;
  if (attempt > ATTEMPTS) return undefined;
  return [now.toISOString(), `${cause}.${attempt}`, namesOf(declared).join("")].join(" ");
}

function readApplied(value: string | undefined): Applied {
  const [, counted = "", names = ""] = (value ?? "").split(" ");
  const [cause = "", attempt = "0"] = counted.split(".");
  return { cause, attempt: Number(attempt), names: names.match(/.{4}/g) ?? [] };
}

/** The package's own tags are not among them: they are never given up. */
function namesOf(declared: Tags): string[] {
  return Object.keys(declared)
    .filter((name) => name !== MARK_TAG)
    .map((name) => digestOf(name.toLowerCase(), 4))
    .sort();
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.join(" ") === [...other].sort().join(" ");
}

function valueOf(tags: Tags | undefined, name: string): string | undefined {
  const found = Object.entries(tags ?? {}).find(
    ([each]) => each.toLowerCase() === name.toLowerCase(),
  );
  return found?.[1];
}

function digestOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
