// Which versions an endpoint has, and which arguments that decide about resources: the replicas' owner and the account.
import type * as pulumi from "@pulumi/pulumi";
import { VERSION_ARGUMENTS } from "../../validation/endpoint/version-arguments";
import { isRecord, recordOf } from "../../values/is-record";
import { without } from "../../values/without";
import { isLater, type Later, outputOf, readLater } from "../engine/inputs";
import { type AmlModelEndpointArgs, type EndpointVersionArgs } from "./aml-model-endpoint-args";

/** Versions by name. Which arguments a version has is known; their values may come later. */
export type KnownVersions = Readonly<Record<string, EndpointVersionArgs>>;

/** Who owns the replicas, and whether the endpoint has a ServiceAccount. */
const DECIDING = ["numReplicas", "serviceAccountName", "workloadIdentityClientId"] as const;

/** At once where nothing that decides comes later. Undefined: a preview doesn't know the names. */
export function knownVersions(
  versions: AmlModelEndpointArgs["versions"],
): Later<KnownVersions | undefined> {
  if (isLater(versions)) return readVersions(versions);
  const entries = Object.entries(recordOf(versions) as typeof versions);
  const decided = entries.map(([name, version]) => [name, knownVersion(version)] as const);
  return decided.some(([, version]) => version instanceof Promise)
    ? Promise.all(decided.map(async ([name, version]) => [name, await version] as const)).then(
        (known) => Object.fromEntries(known),
      )
    : (Object.fromEntries(decided) as KnownVersions);
}

async function readVersions(versions: pulumi.Input<unknown>): Promise<KnownVersions | undefined> {
  const reading = await readLater(versions);
  if (!reading.isKnown) return undefined;
  const given = Object.entries(recordOf(reading.value)).filter(([, version]) => isRecord(version));
  const known = given.map(([name, version]) => {
    const later = outputOf(versions).apply((all) => recordOf(recordOf(all)[name]));
    return [name, membersOf(later, version)] as const;
  });
  return Object.fromEntries(known);
}

function knownVersion(version: pulumi.Input<EndpointVersionArgs>): Later<EndpointVersionArgs> {
  if (isLater(version)) return readVersion(version);
  const later = DECIDING.filter((name) => isLater(version[name]));
  return later.length > 0 ? readDeciding(version, later) : version;
}

async function readVersion(version: pulumi.Input<unknown>): Promise<EndpointVersionArgs> {
  const reading = await readLater(version);
  // A preview that doesn't know the version shows every argument of it as unknown.
  const known = reading.isKnown ? reading.value : without(VERSION_ARGUMENTS, "numReplicas");
  return membersOf(outputOf(version).apply(recordOf), known);
}

/** The version, without those of the arguments that turn out to be undefined. */
async function readDeciding(
  version: EndpointVersionArgs,
  names: readonly (typeof DECIDING)[number][],
): Promise<EndpointVersionArgs> {
  const readings = await Promise.all(
    names.map(async (name) => ({ name, reading: await readLater<unknown>(version[name]) })),
  );
  const absent = readings
    .filter(({ reading }) => reading.isKnown && (reading.value ?? undefined) === undefined)
    .map(({ name }) => name);
  return without(version, ...absent);
}

/** The same arguments, each an Output: secret where the whole is, and of the resources that it comes from. */
function membersOf(
  later: pulumi.Output<Record<string, unknown>>,
  known: unknown,
): EndpointVersionArgs {
  const given = Object.entries(recordOf(known)).filter(
    ([, value]) => (value ?? undefined) !== undefined,
  );
  const members = given.map(([name]) => [name, later.apply((all) => all[name])] as const);
  return Object.fromEntries(members) as unknown as EndpointVersionArgs;
}
