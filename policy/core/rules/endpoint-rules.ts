// Policies on how far an endpoint scales, and how its traffic moves: AmlModelEndpoint.
import { isRecord } from "../../../values/is-record";
import {
  ENDPOINT,
  isType,
  purposeOf,
  replicasOf,
  replicasPath,
  ROUTER_PODS,
  versionsOf,
} from "../declared";
import { Input, Unread } from "../input";
import { amount, resourceRule, text, texts } from "../rule";
import { rounded } from "../sentences";
import { PRODUCTION } from "./cluster-rules";

export const replicaBounds = resourceRule<{ maxReplicas: number }>({
  title: "Bounded replicas",
  description: "No version scales beyond a number of replicas.",
  subject: "AmlModelEndpoint",
  severity: "medium",
  remediation: "Lower autoscale.maxReplicas or numReplicas of the version.",
  settings: { maxReplicas: amount("Replicas of one version at most.", 50) },
  applies: isType(ENDPOINT),
  *judge(endpoint, { maxReplicas }) {
    for (const [, version] of versionsOf(endpoint)) {
      yield () => {
        const { most } = replicasOf(version);
        if (most <= maxReplicas) return undefined;
        return `${replicasPath(version, "maxReplicas")} must be at most ${maxReplicas}: it is ${most}`;
      };
    }
  },
});

export const productionReplicas = resourceRule<{
  purposes: readonly string[];
  minReplicas: number;
  minRouters: number;
}>({
  title: "Replicas in production",
  description:
    "In production each version that gets requests has enough replicas for one to be lost. Routers have one pod today; once they can have several, minRouters holds for them.",
  subject: "AmlModelEndpoint, RouterDeployment",
  severity: "high",
  remediation: "Raise autoscale.minReplicas or numReplicas of the version.",
  settings: {
    purposes: texts("The purposes that this holds for.", PRODUCTION),
    minReplicas: amount("Replicas of a version at least.", 2),
    minRouters: amount("Pods of a router at least.", 1),
  },
  applies: isType(ENDPOINT, ROUTER_PODS),
  *judge(resource, { purposes, minReplicas, minRouters }) {
    if (resource.type === ROUTER_PODS) {
      yield () => {
        const routers = resource.inputs.at("replicas").number ?? 1;
        if (routers >= minRouters) return undefined;
        return `replicas of the router must be at least ${minRouters}: it is ${routers}`;
      };
      return;
    }
    if (!purposes.includes(purposeOf(resource))) return;
    const versions = versionsOf(resource);
    for (const [, version] of versions) {
      yield () => {
        const isOnly = versions.length === 1;
        const isIdle =
          !isOnly &&
          version.at("isDefault").boolean !== true &&
          (version.at("trafficPercentile").number ?? 0) === 0;
        const { least } = replicasOf(version);
        if (isIdle || least >= minReplicas) return undefined;
        return `${replicasPath(version, "minReplicas")} must be at least ${minReplicas} on a ${purposeOf(resource)} cluster: it is ${least}`;
      };
    }
  },
});

export const trafficStep = resourceRule<{ maxStep: number; formerState: string }>({
  title: "Steps of traffic",
  description:
    "One update moves at most so many percent of an endpoint's requests. A policy pack sees what is declared, never what was: give it the former state as a file (`pulumi stack export --file former.json` before the preview). Without that file it can't judge, and says so.",
  subject: "AmlModelEndpoint",
  severity: "medium",
  remediation: "Move trafficPercentile in smaller steps, an update each.",
  settings: {
    maxStep: amount("Percent of an endpoint's requests at most.", 25, { minimum: 0, maximum: 100 }),
    formerState: text("A file of `pulumi stack export`, from the pack's folder on.", ""),
  },
  applies: isType(ENDPOINT),
  *judge(endpoint, { maxStep, formerState }, { readJson }) {
    if (formerState === "") {
      throw new Unread("trafficPercentile before this update", "isn't known: set formerState");
    }
    const now = versionsOf(endpoint);
    const former = formerInputs(readJson(formerState), endpoint.urn);
    if (former === undefined) return;
    yield () => {
      const [before, after] = [sharesOf(former), sharesOf(now)];
      const names = [...new Set([...before.keys(), ...after.keys()])];
      const gains = names.map((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
      const moved = gains.filter((gain) => gain > 0).reduce((sum, gain) => sum + gain, 0);
      // Percentiles have two digits.
      if (Math.round(moved * 100) <= maxStep * 100) return undefined;
      const moves = names
        .filter((name) => after.get(name) !== before.get(name))
        .map(
          (name) =>
            `${name} ${rounded(before.get(name) ?? 0)} % → ${rounded(after.get(name) ?? 0)} %`,
        );
      return `versions.*.trafficPercentile must move at most ${maxStep} % of the requests in one update: ${moves.join(", ")} moves ${rounded(moved)} %`;
    };
  },
});

type Versions = readonly (readonly [string, Input])[];

/** The endpoint's versions in an exported state; undefined where it isn't there yet. */
function formerInputs(state: unknown, urn: string): Versions | undefined {
  const resources = new Input(state).at("deployment", "resources").items;
  const found = resources.find((each) => each.at("urn").text === urn);
  const versions = found?.at("inputs", "versions");
  return versions === undefined || !isRecord(versions.raw) ? undefined : versions.entries;
}

/** Percent of the requests by version: the default has what the others leave. */
function sharesOf(versions: Versions): Map<string, number> {
  const given = versions.map(([name, version]) => ({
    name,
    isDefault: versions.length === 1 || version.at("isDefault").boolean === true,
    percent: version.at("trafficPercentile").number ?? 0,
  }));
  const others = given
    .filter(({ isDefault }) => !isDefault)
    .reduce((sum, { percent }) => sum + percent, 0);
  return new Map(
    given.map(({ name, isDefault, percent }) => [name, isDefault ? 100 - others : percent]),
  );
}
