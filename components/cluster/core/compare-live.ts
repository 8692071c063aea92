// Compares what a program declares with what Azure has, by meaning and not by text.
import { regionName } from "../../../azure/core/region-name";
import { isRecord } from "../../../values/is-record";
import { UNKNOWN } from "../../../values/unknown";

export type Properties = Readonly<Record<string, unknown>>;

/** A property that Azure has otherwise than declared. */
export interface Difference {
  /** `networkProfile.outboundType`; a whole list or set counts as one property. */
  readonly path: string;
  readonly declared: unknown;
  readonly live: unknown;
}

/** Below these, names and values are the user's own text; everywhere else Azure disregards the case. */
const OWN_TEXT = /(^|\.)(tags|nodeLabels|nodeTaints)(\.|$)/;
/** Labels with this prefix are AKS's own (learn.microsoft.com/azure/aks/use-labels, «Reserved system labels»). */
const RESERVED_LABEL = /^(kubernetes\.azure\.com|kubernetes\.io|node\.kubernetes\.io)\//;

/**
 * All differences. What isn't declared, or isn't known yet, is no difference; neither is the order of a list, the case of
 * an id or an enumeration, the spelling of a region, or an absent value where "off" is declared.
 * @param skip paths that are not compared
 */
export function differencesFrom(
  declared: unknown,
  live: unknown,
  skip: readonly string[] = [],
  path = "",
): Difference[] {
  if (declared === UNKNOWN || isNothing(declared) || skip.includes(path)) return [];
  if (isNothing(live) && isOff(declared)) return [];
  if (Array.isArray(declared)) {
    const has = isRecord(live) ? Object.keys(live) : Array.isArray(live) ? (live as unknown[]) : [];
    return isSameSet(declared, has, path) ? [] : [{ path, declared, live }];
  }
  if (isRecord(declared)) {
    const has = isRecord(live) ? live : {};
    const inner = Object.entries(declared).flatMap(([name, value]) =>
      differencesFrom(
        value,
        memberOf(has, name, path),
        skip,
        path === "" ? name : `${path}.${name}`,
      ),
    );
    return path.endsWith("nodeLabels") ? [...inner, ...surplusLabels(declared, has, path)] : inner;
  }
  return isSameValue(declared, live, path) ? [] : [{ path, declared, live }];
}

function surplusLabels(declared: Properties, live: Properties, path: string): Difference[] {
  return Object.keys(live)
    .filter((name) => !(name in declared) && !RESERVED_LABEL.test(name))
    .map((name) => ({ path: `${path}.${name}`, declared: undefined, live: live[name] }));
}

/** Azure writes some names, as those of add-ons, in a case of its own. */
function memberOf(live: Properties, name: string, path: string): unknown {
  if (name in live || OWN_TEXT.test(path)) return live[name];
  const same = Object.keys(live).find((each) => each.toLowerCase() === name.toLowerCase());
  return same === undefined ? undefined : live[same];
}

function isSameSet(declared: readonly unknown[], live: readonly unknown[], path: string): boolean {
  const isIn = (value: unknown, list: readonly unknown[]) =>
    list.some((each) => differencesFrom(value, each, [], path).length === 0);
  return (
    declared.every((value) => value === UNKNOWN || isIn(value, live)) &&
    (declared.includes(UNKNOWN) || live.every((value) => isIn(value, declared)))
  );
}

function isSameValue(declared: unknown, live: unknown, path: string): boolean {
  if (typeof declared !== "string" || typeof live !== "string") return declared === live;
  if (declared === live) return true;
  if (OWN_TEXT.test(path)) return false;
  if (path === "location") return regionName(declared) === regionName(live);
  return declared.toLowerCase() === live.toLowerCase();
}

function isOff(declared: unknown): boolean {
  if (typeof declared === "string") return declared === "" || declared.toLowerCase() === "none";
  if (isRecord(declared))
    return Object.values(declared).every((each) => isNothing(each) || isOff(each));
  return declared === false || (Array.isArray(declared) && declared.length === 0);
}

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
