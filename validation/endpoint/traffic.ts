// What is wrong with how an endpoint's traffic is shared among its versions (azureml-semantics 2.2, rows 38 to 44).
import { MAX_VERSIONS } from "../../contracts/model-endpoint/model-endpoint";
import { type ArgumentProblem } from "../../values/argument-problem";
import { UNKNOWN } from "../../values/unknown";

/** The part of a version's arguments that shares traffic; any of them may still be unknown. */
export interface TrafficArguments {
  readonly isDefault?: unknown;
  readonly isControl?: unknown;
  readonly trafficPercentile?: unknown;
}

/** Problems of the versions together: how many, which is the default, at most one Control, a sum of at most 100. */
export function validateTraffic(
  versions: Readonly<Record<string, TrafficArguments>>,
): ArgumentProblem[] {
  const names = Object.keys(versions);
  const problems: ArgumentProblem[] = [];
  if (names.length < 1 || names.length > MAX_VERSIONS) {
    const reason = `must be 1 to ${MAX_VERSIONS} versions: there are ${names.length}`;
    problems.push({ path: "versions", reason });
  }
  return [
    ...problems,
    ...validateDefault(versions),
    ...validateControl(versions),
    ...validatePercentiles(versions),
  ];
}

function validateDefault(versions: Readonly<Record<string, TrafficArguments>>): ArgumentProblem[] {
  const entries = Object.entries(versions);
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    if (only[1].isDefault !== false) return [];
    const reason = "must be true or unset for the only version: it is false";
    return [{ path: `versions.${only[0]}.isDefault`, reason }];
  }
  const defaults = entries.filter(([, { isDefault }]) => isDefault === true).map(([name]) => name);
  const open = entries.some(([, { isDefault }]) => isDefault === UNKNOWN);
  if (entries.length === 0 || defaults.length === 1 || (open && defaults.length === 0)) return [];
  const found = defaults.length === 0 ? "none has" : `${defaults.join(" and ")} have`;
  return [
    { path: "versions", reason: `must have exactly one with isDefault set to true: ${found}` },
  ];
}

function validateControl(versions: Readonly<Record<string, TrafficArguments>>): ArgumentProblem[] {
  const controls = Object.entries(versions).filter(([, { isControl }]) => isControl === true);
  if (controls.length < 2) return [];
  const names = controls.map(([name]) => name).join(" and ");
  return [{ path: "versions", reason: `may have one with isControl set to true: ${names} have` }];
}

function validatePercentiles(
  versions: Readonly<Record<string, TrafficArguments>>,
): ArgumentProblem[] {
  const given = Object.entries(versions).flatMap(([name, { trafficPercentile: value }]) =>
    typeof value === "number" && value > 0 && value <= 100 ? [{ name, value }] : [],
  );
  const sum = Math.round(given.reduce((total, { value }) => total + value, 0) * 100) / 100;
  if (sum <= 100) return [];
  const terms = given.map(({ name, value }) => `${name} ${value}`).join(" + ");
  return [
    { path: "versions", reason: `may have a trafficPercentile of 100 together: ${terms} = ${sum}` },
  ];
}
