// Which versions an endpoint has, and whether the program owns their replicas: what decides which resources there are.
import type * as pulumi from "@pulumi/pulumi";
import { VERSION_ARGUMENTS } from "../../validation/endpoint/version-arguments";
import { isRecord } from "../../values/is-record";
import { without } from "../../values/without";
import { isLater, type Later, outputOf, readLater } from "../engine/inputs";
import { type AmlModelEndpointArgs, type EndpointVersionArgs } from "./aml-model-endpoint-args";

/** Versions by name. Which arguments a version has is known; their values may come later. */
export type KnownVersions = Readonly<Record<string, EndpointVersionArgs>>;

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
  const { numReplicas } = version;
  return isLater(numReplicas) ? readReplicas(version) : version;
}

async function readVersion(version: pulumi.Input<unknown>): Promise<EndpointVersionArgs> {
  const reading = await readLater(version);
  // A preview that doesn't know the version shows every argument of it as unknown.
  const known = reading.isKnown ? reading.value : without(VERSION_ARGUMENTS, "numReplicas");
  return membersOf(outputOf(version).apply(recordOf), known);
}

/** The version; without `numReplicas` where that turns out to be undefined. */
async function readReplicas(version: EndpointVersionArgs): Promise<EndpointVersionArgs> {
  const reading = await readLater(version.numReplicas);
  const isAbsent = reading.isKnown && (reading.value ?? undefined) === undefined;
  return isAbsent ? without(version, "numReplicas") : version;
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

/** Nothing for what is no object: the validation reports it. */
function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
