/** What the engine does with `ignoreChanges` before a plugin sees the inputs, for a process without an engine. */
import { isRecord, type PropertyMap } from "../../property-value";

/**
 * The new inputs with what is ignored as it was in the old ones; what was not there before is left out. Paths are
 * Pulumi's: `count`, `networkProfile.outboundType`, `agentPoolProfiles[0].count`, and `*` for every step.
 */
export function keepIgnored(
  before: PropertyMap,
  after: PropertyMap,
  ignoreChanges: readonly string[],
): PropertyMap {
  return ignoreChanges.reduce<PropertyMap>((inputs, path) => {
    const steps = [...path.matchAll(/[^.[\]"]+/g)].map(([step]) => step);
    const kept = keptAt(before, inputs, steps);
    return isRecord(kept) ? kept : inputs;
  }, after);
}

function keptAt(before: unknown, after: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return before;
  if (Array.isArray(after)) {
    const olds: readonly unknown[] = Array.isArray(before) ? before : [];
    return after.map((item: unknown, index): unknown =>
      step === "*" || step === String(index) ? keptAt(olds[index], item, rest) : item,
    );
  }
  if (!isRecord(after)) return after;
  const olds = isRecord(before) ? before : {};
  const names = step === "*" ? [...Object.keys(olds), ...Object.keys(after)] : [step];
  const kept: PropertyMap = { ...after };
  for (const name of names) {
    const value = keptAt(olds[name], after[name], rest);
    if (value === undefined) delete kept[name];
    else kept[name] = value;
  }
  return kept;
}
