// The smallest number of agents, which counts for the floors.
import type * as pulumi from "@pulumi/pulumi";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { from } from "./given-late";
import { withDefault } from "../engine/inputs";

export interface SmallestNumber {
  readonly count: pulumi.Input<number>;
  /** Path of the argument that sets it. */
  readonly path: string;
}

/** `nodeAutoscaling.minCount`, else `agentCount`. */
export function smallestNumber({ nodeAutoscaling, agentCount }: AmlAksClusterArgs): SmallestNumber {
  const fixed = withDefault(agentCount, CLUSTER_ARGUMENTS.agentCount.default);
  return {
    count: from(nodeAutoscaling, (bounds) => bounds?.minCount ?? fixed),
    path: nodeAutoscaling === undefined ? "agentCount" : "nodeAutoscaling.minCount",
  };
}
