// The pack's policies, to be taken as they are or composed with others.
import { isAbsolute, join } from "node:path";
import { type Chosen, chosenIn, type Profile, PROFILES } from "../core/catalog/profiles";
import { configure } from "../core/settings";
import { type Level } from "../core/rule";
import { POLICY_NAMES, type PolicyName, RULES } from "../core/rules";
import { listed, shown } from "../core/sentences";
import { readJson } from "../io/read-json";
import { type AnyPolicy, type SeenInputs, toPolicy } from "./to-policy";

/** As in a file for `--policy-pack-config`: a level, or settings with or without one. */
export type PolicyChoice =
  Level | { readonly enforcementLevel?: Level; readonly [setting: string]: unknown };

export interface PoliciesOptions {
  /** Levels and settings to begin with. Default `prod`. */
  readonly profile?: Profile;
  /** What differs from the profile, by policy. */
  readonly policies?: { readonly [Name in PolicyName]?: PolicyChoice };
  /** Folder of the files that settings name. Default: the pack's, in which Pulumi starts it. */
  readonly folder?: string;
}

/**
 * The policies, for `new PolicyPack(name, { policies: [...policies({ … }), …your own] })`.
 * @throws Error one sentence for each policy or setting that there isn't
 */
export function policies(options: PoliciesOptions = {}): AnyPolicy[] {
  const { profile = "prod", policies: given = {}, folder = "." } = options;
  const problems: string[] = [];
  if (!PROFILES.includes(profile)) {
    problems.push(`profile must be ${listed(PROFILES)}: it is ${shown(profile)}`);
  }
  for (const name of Object.keys(given).filter((each) => !Object.hasOwn(RULES, each))) {
    problems.push(`policies.${name} must be a policy of this pack: there is none of that name`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));

  const seen: SeenInputs = new Map();
  const surroundings = () => ({
    now: new Date(),
    readJson: (path: string) => readJson(isAbsolute(path) ? path : join(folder, path)),
  });
  const made = POLICY_NAMES.map((name) => {
    const chosen = chosenWith(chosenIn(profile, name), given[name]);
    const found = configure(RULES[name], chosen.settings).problems;
    problems.push(...found.map((problem) => `policies.${name}.${problem}`));
    return toPolicy(name, RULES[name], { ...chosen, seen, surroundings });
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return made;
}

function chosenWith(profile: Chosen, choice: PolicyChoice | undefined): Chosen {
  if (choice === undefined) return profile;
  if (typeof choice === "string") return { ...profile, level: choice };
  const { enforcementLevel: level = profile.level, ...settings } = choice;
  return { level, settings: { ...profile.settings, ...settings } };
}
