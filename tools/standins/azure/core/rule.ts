/** A rule of Azure's: one small function with its source, which a test can switch off by name. */
import type { ArmError } from "./arm-error";
import type { ArmPath } from "./arm-path";
import type { JsonObject } from "./json";
import type { Regions } from "./regions";
import type { Store, StoredResource } from "./store";

export interface ArmRequest {
  readonly method: string;
  readonly path: ArmPath;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: JsonObject;
}

/** What a rule may look at. */
export interface Situation {
  readonly request: ArmRequest;
  /** The resource that the path names, when it exists. */
  readonly existing: StoredResource | undefined;
  readonly store: Store;
  readonly regions: Regions;
  readonly nowMs: number;
}

interface Named {
  /** Its name: what it holds, in kebab-case. */
  readonly name: string;
  /** Where the rule is published. */
  readonly source: string;
}

/** Refuses calls. */
export interface Refusal extends Named {
  /** Methods that it looks at. */
  readonly methods: readonly string[];
  /** The resource type that it looks at; undefined for every type. */
  readonly type?: string;
  refuse(situation: Situation): ArmError | undefined;
}

/** Fills in what the caller left out. */
export interface Filling extends Named {
  readonly type: string;
  fill(body: JsonObject, situation: Situation): JsonObject;
}

/** Hides what the service takes but never gives back. */
export interface Masking extends Named {
  readonly type: string;
  mask(body: JsonObject): JsonObject;
}

/** A way in which the server itself behaves. */
export type Behaviour = Named;

/** True when a rule looks at this type of resource (compared without case). */
export function concerns(rule: { readonly type?: string }, type: string): boolean {
  return rule.type === undefined || rule.type.toLowerCase() === type.toLowerCase();
}
