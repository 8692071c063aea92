// What an AmlModelEndpoint consists of: keys, a Deployment and a Service per version, and the route.
import type * as pulumi from "@pulumi/pulumi";
import { EndpointKeys } from "../../provider/endpoint-keys/endpoint-keys";
import { EndpointRoute } from "../../provider/endpoint-route/endpoint-route";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import { KEY_NUMBERS, ROLLOUT_TIMEOUT } from "../../validation/endpoint/bounds";
import { DEFAULT_NAMESPACE } from "../../validation/endpoint/validate-endpoint";
import { clusterProviderOf } from "../engine/cluster-provider";
import { completeVersions } from "./complete-version";
import { endpointSpec } from "./endpoint-spec";
import { createModelVersion } from "./model-version";
import { createNamespace } from "../engine/namespace";
import { routerPartsOf } from "../engine/router-reference";
import { validatedArguments } from "./visible-arguments";

export interface EndpointParts {
  readonly keys: EndpointKeys;
  readonly route: EndpointRoute;
}

/** The resources of an endpoint whose arguments, as far as they are known, are legal. */
export function createEndpointParts(
  component: pulumi.ComponentResource,
  name: string,
  args: AmlModelEndpointArgs,
): EndpointParts {
  const keys = new EndpointKeys(
    name,
    {
      endpointArguments: {
        component: "AmlModelEndpoint",
        name,
        arguments: validatedArguments(args),
      },
      primaryKeyVersion: args.keyVersions?.primaryKey ?? KEY_NUMBERS.primaryKey.default,
      secondaryKeyVersion: args.keyVersions?.secondaryKey ?? KEY_NUMBERS.secondaryKey.default,
      ...args.keys,
    },
    { parent: component },
  );
  const provider = clusterProviderOf(component, args.router);
  // The keys judge what the arguments hold inside Outputs: nothing else changes before.
  const child = { parent: component, provider, dependsOn: [keys] };

  const namespace = createNamespace(name, args.namespace ?? DEFAULT_NAMESPACE, child);
  const rolloutTimeoutSeconds = args.rolloutTimeoutSeconds ?? ROLLOUT_TIMEOUT.default;
  const place = { endpoint: name, namespace, rolloutTimeoutSeconds };
  const versions = completeVersions(args.versions);
  const replicas = versions.map((version) => createModelVersion(place, version, child));
  const router = routerPartsOf(args.router);
  const route = new EndpointRoute(
    name,
    {
      kubeconfig: args.router.kubeconfig,
      namespace,
      endpointName: name,
      spec: endpointSpec(name, args.router.namespace, versions, args.authEnabled ?? true, keys),
      revisions: Object.fromEntries(
        replicas.map(({ name: version, revision }) => [version, revision]),
      ),
      rolloutTimeoutSeconds,
    },
    {
      parent: component,
      dependsOn: [
        ...(router === undefined ? [] : [router.deployment]),
        ...replicas.flatMap(({ resources }) => resources),
      ],
    },
  );
  return { keys, route };
}
