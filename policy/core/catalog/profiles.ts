// What each policy does in each profile: its level, and where its settings differ from the rule's own.
import { type PolicyName } from "../rules";
import { type Level } from "../rule";

export type Profile = "dev" | "prod" | "regulated";

export const PROFILES: readonly Profile[] = ["dev", "prod", "regulated"];

/** A level, or a level with settings. */
export type Choice =
  Level | { readonly enforcementLevel: Level; readonly [setting: string]: unknown };

type Row = Readonly<Record<Profile, Choice>>;

const PRODUCTION_ONLY = ["FastProd", "DenseProd"];
const ALL_PURPOSES = [...PRODUCTION_ONLY, "DevTest"];

export const TABLE: Readonly<Record<PolicyName, Row>> = {
  "cluster-purpose": {
    dev: { enforcementLevel: "mandatory", purposes: ALL_PURPOSES },
    prod: { enforcementLevel: "mandatory", purposes: PRODUCTION_ONLY },
    regulated: { enforcementLevel: "mandatory", purposes: PRODUCTION_ONLY },
  },
  "cluster-floor": { dev: "advisory", prod: "mandatory", regulated: "mandatory" },
  "api-server-access": {
    dev: "advisory",
    prod: "mandatory",
    regulated: { enforcementLevel: "mandatory", requirePrivate: true, purposes: ALL_PURPOSES },
  },
  "local-accounts": { dev: "disabled", prod: "mandatory", regulated: "mandatory" },
  "allowed-regions": { dev: "mandatory", prod: "mandatory", regulated: "mandatory" },
  "allowed-vm-sizes": { dev: "advisory", prod: "mandatory", regulated: "mandatory" },
  "deletion-protection": { dev: "disabled", prod: "mandatory", regulated: "mandatory" },
  "required-tags": { dev: "remediate", prod: "remediate", regulated: "remediate" },
  "public-tls": {
    dev: "advisory",
    prod: "mandatory",
    regulated: { enforcementLevel: "mandatory", internalToo: true },
  },
  "certificate-lifetime": {
    dev: { enforcementLevel: "advisory", leastDays: 7 },
    prod: "mandatory",
    regulated: "mandatory",
  },
  "endpoint-authentication": {
    dev: "mandatory",
    prod: "mandatory",
    regulated: { enforcementLevel: "mandatory", openPurposes: [] },
  },
  "public-endpoint-keys": { dev: "advisory", prod: "mandatory", regulated: "mandatory" },
  "allowed-registries": { dev: "advisory", prod: "mandatory", regulated: "mandatory" },
  "immutable-images": {
    dev: "advisory",
    prod: "mandatory",
    regulated: { enforcementLevel: "mandatory", requireDigest: true },
  },
  "image-findings": {
    dev: "advisory",
    prod: "mandatory",
    regulated: { enforcementLevel: "mandatory", requireScan: true, blockFrom: "high" },
  },
  "resource-limits": {
    dev: { enforcementLevel: "advisory", requireMemoryLimit: false },
    prod: "mandatory",
    regulated: { enforcementLevel: "mandatory", requireCpuLimit: true },
  },
  "secret-variables": { dev: "mandatory", prod: "mandatory", regulated: "mandatory" },
  "replica-bounds": {
    dev: { enforcementLevel: "mandatory", maxReplicas: 10 },
    prod: "mandatory",
    regulated: "mandatory",
  },
  "production-replicas": { dev: "advisory", prod: "mandatory", regulated: "mandatory" },
  "traffic-step": { dev: "disabled", prod: "advisory", regulated: "mandatory" },
  "monthly-cost": {
    dev: { enforcementLevel: "advisory", monthlyBudget: 2000 },
    prod: "advisory",
    regulated: "advisory",
  },
  "cluster-capacity": { dev: "advisory", prod: "mandatory", regulated: "mandatory" },
  "unique-endpoint-names": { dev: "mandatory", prod: "mandatory", regulated: "mandatory" },
  "endpoint-routes": { dev: "mandatory", prod: "mandatory", regulated: "mandatory" },
  "no-other-autoscaler": { dev: "mandatory", prod: "mandatory", regulated: "mandatory" },
};

export interface Chosen {
  readonly level: Level;
  /** The profile's own settings. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export function chosenIn(profile: Profile, policy: PolicyName): Chosen {
  const choice = TABLE[policy][profile];
  if (typeof choice === "string") return { level: choice, settings: {} };
  const { enforcementLevel: level, ...settings } = choice;
  return { level, settings };
}
