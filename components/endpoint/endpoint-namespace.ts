// The namespace of an endpoint: the given one, or where the endpoint is by default.
import * as pulumi from "@pulumi/pulumi";
import { ENDPOINT_NAMESPACE, FORMER_ENDPOINT_NAMESPACE } from "../../contracts/pods/pod-defaults";
import { type EndpointKeys } from "../../provider/endpoint-keys/endpoint-keys";
import { type Given, isLater, type Later, outputOf, readLater } from "../engine/inputs";
import { createNamespace } from "../engine/namespace";

export interface EndpointNamespace {
  readonly name: pulumi.Input<string>;
  /** Declares it where it may be missing. */
  readonly create: (opts: pulumi.CustomResourceOptions) => Later<pulumi.Resource[]>;
}

/** What endpoints' own namespace lets pods do: all that PodSecurity has (kubernetes.io, «Pod Security Admission»). */
const LABELS = { "pod-security.kubernetes.io/enforce": "baseline" };

/** @param keys know where an endpoint is whose program doesn't say it: the first in the state, and there in previews */
export function endpointNamespace(
  endpoint: string,
  given: Given<string>,
  keys: EndpointKeys,
): EndpointNamespace {
  const declare = (name: pulumi.Input<string>, opts: pulumi.CustomResourceOptions) =>
    createNamespace(endpoint, name, opts, name === ENDPOINT_NAMESPACE ? LABELS : undefined);
  if (given !== undefined && !isLater(given)) {
    return { name: given, create: (opts) => declare(given, opts) };
  }
  const name = pulumi
    .all([outputOf<string | undefined>(given), keys.namespace])
    .apply(([own, found]) => own ?? found ?? FORMER_ENDPOINT_NAMESPACE);
  const create = async (opts: pulumi.CustomResourceOptions) => {
    const reading = await readLater<string>(name);
    return declare(reading.isKnown ? reading.value : name, opts);
  };
  return { name, create };
}
