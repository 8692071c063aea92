// What the engine, the state and policies see of an endpoint's arguments: no credentials.
import * as pulumi from "@pulumi/pulumi";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import { isLater, memberOf } from "../engine/inputs";
import { type RouterReference, routerPartsOf } from "../engine/router-reference";
import { isRecord } from "../../values/is-record";
import { valueAt } from "../../values/value-at";
import { withoutNullsInside } from "../../values/without";

/** The arguments without what is undefined or null, and the router as an object of Outputs or plain values. */
export type GivenArguments = Omit<AmlModelEndpointArgs, "router"> & {
  readonly router: RouterReference;
};

/** @param args undefined in a program without types */
export function givenArguments(args: AmlModelEndpointArgs | undefined): GivenArguments {
  const { router, ...rest } = args ?? ({} as Partial<AmlModelEndpointArgs>);
  const given = withoutNullsInside(rest as AmlModelEndpointArgs);
  return { ...withPatches(given, rest), router: toReference(router) };
}

/** In a patch, null says that a field goes. */
function withPatches(
  given: AmlModelEndpointArgs,
  { versions: original }: Partial<AmlModelEndpointArgs>,
): AmlModelEndpointArgs {
  const { versions } = given;
  if (!isRecord(versions) || isLater(versions) || !isRecord(original)) return given;
  const patched = Object.entries(versions as Record<string, object>).map(([name, version]) => {
    const patch: unknown = valueAt(original[name], "podTemplate");
    const isGiven = isRecord(version) && !isLater(version) && isRecord(patch);
    return [name, isGiven ? { ...version, podTemplate: patch } : version] as const;
  });
  return { ...given, versions: Object.fromEntries(patched) as AmlModelEndpointArgs["versions"] };
}

/** A component stays itself: endpoints use its provider. */
function toReference(router: pulumi.Input<RouterReference> | undefined | null): RouterReference {
  // The validation reports what is missing.
  if (!isLater(router)) return router ?? ({} as RouterReference);
  const reference = router as pulumi.Input<RouterReference>;
  const members = (["kubeconfig", "namespace", "scoringBaseUri", "clusterPurpose"] as const).map(
    (name) => [name, memberOf(reference, name)],
  );
  return Object.fromEntries(members) as RouterReference;
}

/** An endpoint's arguments with the keys as secrets, and of the router only what is public. */
export function visibleArguments(args: GivenArguments): pulumi.Inputs {
  const { router, keys, ...rest } = args;
  const { namespace, scoringBaseUri, clusterPurpose } = router;
  return {
    ...rest,
    router: { namespace, scoringBaseUri, clusterPurpose },
    ...(keys === undefined ? {} : { keys: secretMembers(keys) }),
  };
}

/**
 * What is validated once Outputs are values: the visible arguments, and the kubeconfig of a reference as a secret. A
 * router component validates its own kubeconfig.
 */
export function validatedArguments(args: GivenArguments): pulumi.Inputs {
  const visible = visibleArguments(args);
  if (routerPartsOf(args.router) !== undefined) return visible;
  // Undefined would be left out of the inputs, and so not be validated.
  const kubeconfig = pulumi
    .secret(args.router.kubeconfig)
    .apply((text: string | undefined) => text ?? null);
  return { ...visible, router: { ...(visible["router"] as object), kubeconfig } };
}

/** An endpoint's arguments with only the validated part of the router: a component's members refer to each other. */
export function plainArguments({ router, ...rest }: GivenArguments): Record<string, unknown> {
  if (Object.keys(router).length === 0) return rest;
  const { kubeconfig, namespace, scoringBaseUri, clusterName } = router;
  return { ...rest, router: { kubeconfig, namespace, scoringBaseUri, clusterName } };
}

function secretMembers(values: object): pulumi.Input<pulumi.Inputs> {
  if (isLater(values)) return pulumi.secret(values);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [name, pulumi.secret(value)]),
  );
}
