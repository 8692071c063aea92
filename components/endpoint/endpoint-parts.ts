// What an AmlModelEndpoint consists of: keys, a Deployment and a Service per version, and the route.
import type * as pulumi from "@pulumi/pulumi";
import { EndpointKeys } from "../../provider/endpoint-keys/endpoint-keys";
import { EndpointRoute } from "../../provider/endpoint-route/endpoint-route";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import {
  ENDPOINT_ARGUMENTS,
  KEY_VERSION_ARGUMENTS,
} from "../../validation/endpoint/endpoint-arguments";
import { clusterAccessOf } from "../engine/cluster-provider";
import { completeVersions } from "./complete-version";
import { endpointSpec } from "./endpoint-spec";
import { createModelVersion } from "./model-version";
import { API_VERSION, KIND } from "../../contracts/model-endpoint/model-endpoint";
import { declareObjects } from "../engine/declare-objects";
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
  const { provider, ...found } = clusterAccessOf(component, args.router);
  const endpointArguments = {
    component: "AmlModelEndpoint",
    name,
    arguments: validatedArguments(args),
  };
  const keys = new EndpointKeys(
    name,
    {
      endpointArguments: { ...endpointArguments, ...found },
      primaryKeyVersion: args.keyVersions?.primaryKey ?? KEY_VERSION_ARGUMENTS.primaryKey.default,
      secondaryKeyVersion:
        args.keyVersions?.secondaryKey ?? KEY_VERSION_ARGUMENTS.secondaryKey.default,
      ...args.keys,
    },
    { parent: component },
  );
  const namespace = args.namespace ?? ENDPOINT_ARGUMENTS.namespace.default;
  const declared = declareObjects({
    component,
    kind: "AmlModelEndpoint",
    name,
    kubeconfig: args.router.kubeconfig,
    handOverTo: args.handOverTo,
    applied: [{ apiVersion: API_VERSION, kind: KIND, namespace, name }],
    // The keys validate what the arguments hold inside Outputs: nothing else changes before.
    dependsOn: [keys],
  });
  const shared = { ...declared.object, provider };
  const created = createNamespace(name, namespace, shared);
  const child = { ...shared, dependsOn: [declared.guard, ...created] };

  const rolloutTimeoutSeconds =
    args.rolloutTimeoutSeconds ?? ENDPOINT_ARGUMENTS.rolloutTimeoutSeconds.default;
  const authEnabled = args.authEnabled ?? ENDPOINT_ARGUMENTS.authEnabled.default;
  const locator = { endpoint: name, namespace, rolloutTimeoutSeconds };
  const versions = completeVersions(args.versions);
  const replicas = versions.map((version) => createModelVersion(locator, version, child));
  const router = routerPartsOf(args.router);
  const route = new EndpointRoute(
    name,
    {
      kubeconfig: args.router.kubeconfig,
      namespace,
      endpointName: name,
      owner: declared.mark,
      spec: endpointSpec(name, args.router.namespace, versions, authEnabled, keys),
      revisions: Object.fromEntries(
        replicas.map(({ name: version, revision }) => [version, revision]),
      ),
      rolloutTimeoutSeconds,
    },
    {
      ...declared.options,
      dependsOn: [
        ...(router === undefined ? [] : [router.deployment]),
        ...replicas.flatMap(({ resources }) => resources),
      ],
    },
  );
  return { keys, route };
}
