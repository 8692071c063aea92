// The arguments of a version with every default filled in; what is an Output stays one.
import * as pulumi from "@pulumi/pulumi";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";
import {
  AUTOSCALE_ARGUMENTS,
  LIVENESS_ARGUMENTS,
  VERSION_ARGUMENTS,
} from "../../validation/endpoint/version-arguments";
import { type ArgumentTable } from "../../values/argument-table";
import { type Given, memberOf, withDefault } from "../engine/inputs";
import { type KnownVersions } from "./known-versions";

/** A number for each argument of a table that has a number as its default. */
type Completed<Table> = {
  readonly [
    Name in keyof Table as Table[Name] extends { default: number } ? Name : never
  ]: pulumi.Output<number>;
};

export interface CompleteVersion extends Completed<typeof VERSION_ARGUMENTS> {
  readonly name: string;
  readonly args: EndpointVersionArgs;
  readonly isDefault: pulumi.Output<boolean>;
  readonly isControl: pulumi.Output<boolean>;
  readonly livenessProbe: Completed<typeof LIVENESS_ARGUMENTS>;
  readonly scale: VersionScale;
}

/** Who owns the number of replicas: the autoscaler, within its limits, or the program. */
export type VersionScale =
  | { readonly mode: "auto"; readonly autoscale: Completed<typeof AUTOSCALE_ARGUMENTS> }
  | { readonly mode: "fixed"; readonly numReplicas: pulumi.Input<number> };

/** All versions in the order of their names, so that the order in which they are written changes nothing. */
export function completeVersions(versions: KnownVersions): CompleteVersion[] {
  const names = Object.keys(versions).sort();
  return names.flatMap((name) => {
    const args = versions[name];
    return args === undefined ? [] : [completeVersion(name, args, names.length === 1)];
  });
}

/** @param only true when the endpoint has no other version, which makes it the default. */
function completeVersion(name: string, args: EndpointVersionArgs, only: boolean): CompleteVersion {
  return {
    ...withDefaults(args, VERSION_ARGUMENTS),
    name,
    args,
    isDefault: pulumi.output(withDefault(args.isDefault, only)),
    isControl: pulumi.output(withDefault(args.isControl, VERSION_ARGUMENTS.isControl.default)),
    livenessProbe: withDefaults(args.livenessProbe, LIVENESS_ARGUMENTS),
    scale:
      args.numReplicas === undefined
        ? { mode: "auto", autoscale: withDefaults(args.autoscale, AUTOSCALE_ARGUMENTS) }
        : // Only whoever decides which versions there are knows that it is given (known-versions.ts).
          { mode: "fixed", numReplicas: args.numReplicas as pulumi.Input<number> },
  };
}

function withDefaults<Table extends ArgumentTable>(
  values: Given<{ readonly [Name in keyof Completed<Table>]?: Given<number> }>,
  table: Table,
): Completed<Table> {
  const given = values as Given<Readonly<Record<string, Given<number>>>>;
  const completed = Object.entries(table).flatMap(([name, { default: fallback }]) => {
    if (typeof fallback !== "number") return [];
    return [[name, pulumi.output(withDefault(memberOf(given, name), fallback))] as const];
  });
  return Object.fromEntries(completed) as Completed<Table>;
}
