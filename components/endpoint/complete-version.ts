// The arguments of a version with every default filled in; what is an Output stays one.
import * as pulumi from "@pulumi/pulumi";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";
import {
  AUTOSCALE_NUMBERS,
  LIVENESS_NUMBERS,
  VERSION_NUMBERS,
} from "../../validation/endpoint/bounds";
import { type NumberRule } from "../../values/plain-values";

/** A number for each name of a table of rules that has a default. */
type Completed<Rules> = {
  readonly [
    Name in keyof Rules as Rules[Name] extends { default: number } ? Name : never
  ]: pulumi.Output<number>;
};

export interface CompleteVersion extends Completed<typeof VERSION_NUMBERS> {
  readonly name: string;
  readonly args: EndpointVersionArgs;
  readonly isDefault: pulumi.Output<boolean>;
  readonly isControl: pulumi.Output<boolean>;
  readonly livenessProbe: Completed<typeof LIVENESS_NUMBERS>;
  readonly scale: VersionScale;
}

/** Who owns the number of replicas: the autoscaler, within its limits, or the program. */
export type VersionScale =
  | { readonly mode: "auto"; readonly autoscale: Completed<typeof AUTOSCALE_NUMBERS> }
  | { readonly mode: "fixed"; readonly numReplicas: pulumi.Input<number> };

/** All versions in the order of their names, so that the order in which they are written changes nothing. */
export function completeVersions(
  versions: Readonly<Record<string, EndpointVersionArgs>>,
): CompleteVersion[] {
  const names = Object.keys(versions).sort();
  return names.flatMap((name) => {
    const args = versions[name];
    return args === undefined ? [] : [completeVersion(name, args, names.length === 1)];
  });
}

/** @param only true when the endpoint has no other version, which makes it the default. */
function completeVersion(name: string, args: EndpointVersionArgs, only: boolean): CompleteVersion {
  return {
    ...withDefaults(args, VERSION_NUMBERS),
    name,
    args,
    isDefault: pulumi.output(args.isDefault).apply((given) => given ?? only),
    isControl: pulumi.output(args.isControl).apply((given) => given ?? false),
    livenessProbe: withDefaults(args.livenessProbe ?? {}, LIVENESS_NUMBERS),
    scale:
      args.numReplicas === undefined || args.numReplicas === null
        ? { mode: "auto", autoscale: withDefaults(args.autoscale ?? {}, AUTOSCALE_NUMBERS) }
        : { mode: "fixed", numReplicas: args.numReplicas },
  };
}

function withDefaults<Rules extends Readonly<Record<string, NumberRule>>>(
  values: { readonly [Name in keyof Rules]?: pulumi.Input<number> },
  rules: Rules,
): Completed<Rules> {
  const completed = Object.entries(rules).flatMap(([name, rule]) => {
    const fallback = rule.default;
    if (fallback === undefined) return [];
    return [[name, pulumi.output(values[name]).apply((given) => given ?? fallback)] as const];
  });
  return Object.fromEntries(completed) as Completed<Rules>;
}
