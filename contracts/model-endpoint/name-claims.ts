// Which namespace an endpoint's name belongs to: a ConfigMap in the router's namespace, which outlives the endpoints.
//
// Its keys are `declared.<endpoint>`, written by the stack that declares the endpoint, and `seen.<endpoint>`, written by the
// autoscaler for names that are served without a claim. Their value is the namespace.

import { elderFirst } from "./elder-first";
import type { ModelEndpoint } from "./model-endpoint";

/** Name of the ConfigMap. */
export const NAMES_CONFIG_MAP = "aml-inference-names";

/**
 * Key that exists once the endpoints that were served before there were claims have theirs. Until then they count as
 * declared: neither an upgrade nor a deleted ConfigMap takes them out of service.
 */
export const COMPLETE_KEY = "complete";

const DECLARED = "declared.";
const SEEN = "seen.";

/** The ConfigMap, as far as it is read. */
export interface NamesConfigMap {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly data?: Readonly<Record<string, string>>;
}

export interface NameClaims {
  /** Namespace by name of an endpoint that a stack declares; wins over `seen`. */
  readonly declared: ReadonlyMap<string, string>;
  /** Namespace by name of an endpoint that was served. */
  readonly seen: ReadonlyMap<string, string>;
}

export const NO_CLAIMS: NameClaims = { declared: new Map(), seen: new Map() };

export function declaredKey(endpoint: string): string {
  return `${DECLARED}${endpoint}`;
}

export function seenKey(endpoint: string): string {
  return `${SEEN}${endpoint}`;
}

/**
 * The claims, with those of endpoints that were served before there were any.
 * @param names undefined: the ConfigMap doesn't exist
 * @param endpoints all that the router may serve
 */
export function readClaims(
  names: NamesConfigMap | undefined,
  endpoints: readonly ModelEndpoint[],
): NameClaims {
  const declared = new Map<string, string>();
  const seen = new Map<string, string>();
  for (const [key, namespace] of Object.entries(names?.data ?? {})) {
    if (key.startsWith(DECLARED)) declared.set(key.slice(DECLARED.length), namespace);
    if (key.startsWith(SEEN)) seen.set(key.slice(SEEN.length), namespace);
  }
  if (!isComplete(names)) {
    for (const { metadata } of endpoints.filter(wasServed).sort(elderFirst)) {
      if (declared.has(metadata.name) || seen.has(metadata.name)) continue;
      declared.set(metadata.name, metadata.namespace);
    }
  }
  return { declared, seen };
}

export function isComplete(names: NamesConfigMap | undefined): boolean {
  return names?.data?.[COMPLETE_KEY] !== undefined;
}

/** The namespace that the name belongs to; undefined when nobody claims it. */
export function claimantOf({ declared, seen }: NameClaims, endpoint: string): string | undefined {
  return declared.get(endpoint) ?? seen.get(endpoint);
}

/** Only an autoscaler writes a status, and a router that refuses the endpoint makes the condition False. */
function wasServed({ spec, status }: ModelEndpoint): boolean {
  const accepted = status?.conditions?.find(({ type }) => type === "Accepted");
  return spec.suspended !== true && accepted !== undefined && accepted.status !== "False";
}
