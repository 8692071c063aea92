// What the engine, the state and policies see of an endpoint's arguments: no credentials.
import * as pulumi from "@pulumi/pulumi";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import { routerPartsOf } from "../engine/router-reference";

/** An endpoint's arguments with the keys as secrets, and of the router only what is public. */
export function visibleArguments(args: AmlModelEndpointArgs): pulumi.Inputs {
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
export function validatedArguments(args: AmlModelEndpointArgs): pulumi.Inputs {
  const visible = visibleArguments(args);
  if (routerPartsOf(args.router) !== undefined) return visible;
  // Undefined would be left out of the inputs, and so not be validated.
  const kubeconfig = pulumi
    .secret(args.router.kubeconfig)
    .apply((text: string | undefined) => text ?? null);
  return { ...visible, router: { ...(visible["router"] as object), kubeconfig } };
}

/** An endpoint's arguments with only the validated part of the router: a component's members refer to each other. */
export function plainArguments({ router, ...rest }: AmlModelEndpointArgs): Record<string, unknown> {
  if (router === undefined) return rest;
  const { kubeconfig, namespace, scoringBaseUri, clusterName } = router;
  return { ...rest, router: { kubeconfig, namespace, scoringBaseUri, clusterName } };
}

function secretMembers(values: object): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [name, pulumi.secret(value)]),
  );
}
