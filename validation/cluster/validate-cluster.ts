// Validates the arguments of an AmlAksCluster and reports all errors at once.
import { type ArgumentError } from "../../values/argument-error";
import { type Arguments, validateArguments, validateNames } from "../../values/argument-table";
import { withoutNullsInside } from "../../values/without";
import {
  ATTACH_ARGUMENTS,
  CLUSTER_ARGUMENTS,
  COMMON_ARGUMENTS,
  CREATE_ARGUMENTS,
} from "./cluster-arguments";

/** All errors of a cluster's arguments. Unknown values are not validated; undefined and null are absent. */
export function validateCluster(name: string, given: Arguments): ArgumentError[] {
  const args = withoutNullsInside(given);
  return [
    ...validateNames("", args, Object.keys(CLUSTER_ARGUMENTS)),
    ...validateArguments("", args, COMMON_ARGUMENTS, undefined),
    ...("existingClusterId" in args ? validateAttach(args) : validateCreate(name, args)),
  ];
}

function validateAttach(args: Arguments): ArgumentError[] {
  const reason =
    "can't be given with existingClusterId: nothing about an attached cluster is changed";
  return [
    ...Object.keys(args)
      .filter((name) => name in CREATE_ARGUMENTS)
      .map((path) => ({ path, reason })),
    ...validateArguments("", args, ATTACH_ARGUMENTS, undefined),
  ];
}

/** Without clusterName, the component's name is the cluster's name. */
function validateCreate(name: string, args: Arguments): ArgumentError[] {
  const named = { ...args, clusterName: args["clusterName"] ?? name };
  return validateArguments("", named, CREATE_ARGUMENTS, undefined);
}
