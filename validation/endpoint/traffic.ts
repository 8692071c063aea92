// Validates how an endpoint's traffic is split among its versions (azureml-semantics 2.2, rows 38 to 44).
import { sumPercentiles } from "../../contracts/model-endpoint/limits";
import { MAX_VERSIONS } from "../../contracts/model-endpoint/model-endpoint";
import { type ArgumentError } from "../../values/argument-error";
import { UNKNOWN } from "../../values/unknown";

/** A version's arguments that split traffic. Each may be unknown. */
export interface TrafficArguments {
  readonly isDefault?: unknown;
  readonly isControl?: unknown;
  readonly trafficPercentile?: unknown;
}

/** Errors unless there are 1 to 6 versions, exactly one default, at most one Control and a sum of at most 100 percent. */
export function validateTraffic(
  versions: Readonly<Record<string, TrafficArguments>>,
): ArgumentError[] {
  const names = Object.keys(versions);
  const errors: ArgumentError[] = [];
  if (names.length < 1 || names.length > MAX_VERSIONS) {
    const reason = `must be 1 to ${MAX_VERSIONS} versions: there are ${names.length}`;
    errors.push({ path: "versions", reason });
  }
  return [
    ...errors,
    ...validateDefault(versions),
    ...validateControl(versions),
    ...validatePercentiles(versions),
  ];
}

function validateDefault(versions: Readonly<Record<string, TrafficArguments>>): ArgumentError[] {
  const entries = Object.entries(versions);
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    if (only[1].isDefault !== false) return [];
    const reason = "must be true or unset for the only version: it is false";
    return [{ path: `versions.${only[0]}.isDefault`, reason }];
  }
  const defaults = entries.filter(([, { isDefault }]) => isDefault === true).map(([name]) => name);
  const mayBeDefault = entries.some(([, { isDefault }]) => isDefault === UNKNOWN);
  if (entries.length === 0 || defaults.length === 1 || (mayBeDefault && defaults.length === 0))
    return [];
  const found = defaults.length === 0 ? "none has" : `${defaults.join(" and ")} have`;
  return [
    { path: "versions", reason: `must have exactly one with isDefault set to true: ${found}` },
  ];
}

function validateControl(versions: Readonly<Record<string, TrafficArguments>>): ArgumentError[] {
  const controls = Object.entries(versions).filter(([, { isControl }]) => isControl === true);
  if (controls.length < 2) return [];
  const names = controls.map(([name]) => name).join(" and ");
  return [
    { path: "versions", reason: `must have at most one with isControl set to true: ${names} have` },
  ];
}

function validatePercentiles(
  versions: Readonly<Record<string, TrafficArguments>>,
): ArgumentError[] {
  const given = Object.entries(versions).flatMap(([name, { trafficPercentile: value }]) =>
    typeof value === "number" && value > 0 && value <= 100 ? [{ name, value }] : [],
  );
  const sum = sumPercentiles(given.map(({ value }) => value));
  if (sum <= 100) return [];
  const terms = given.map(({ name, value }) => `${name} ${value}`).join(" + ");
  return [
    {
      path: "versions",
      reason: `must have a total trafficPercentile of at most 100: ${terms} = ${sum}`,
    },
  ];
}
