// What an AmlModelEndpoint consists of: keys, a Deployment and a Service per version, and the route.
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { EndpointKeys } from "../../provider/endpoint-keys/endpoint-keys";
import { EndpointRoute } from "../../provider/endpoint-route/endpoint-route";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import {
  ENDPOINT_ARGUMENTS,
  KEY_VERSION_ARGUMENTS,
} from "../../validation/endpoint/endpoint-arguments";
import { clusterAccessOf } from "../engine/cluster-provider";
import { completeVersions, type CompleteVersion } from "./complete-version";
import { endpointNamespace } from "./endpoint-namespace";
import { endpointSpec } from "./endpoint-spec";
import { createModelPolicy, tellClearSecrets, tellOptOuts } from "./model-security";
import { createModelAccount } from "./model-account";
import { createModelVersion } from "./model-version";
import { rolloutTimeout } from "./rollout-timeout";
import { API_VERSION, KIND } from "../../contracts/model-endpoint/model-endpoint";
import { tellCluster } from "../engine/cluster-lifetime";
import { declareObjects } from "../engine/declare-objects";
import { routerPartsOf } from "../engine/router-reference";
import {
  isLater,
  type Later,
  mapBoth,
  mapLater,
  memberOf,
  withDefault,
  withoutAbsent,
} from "../engine/inputs";
import { knownVersions } from "./known-versions";
import { secretNames, type SecretNames } from "./secret-variables";
import { type GivenArguments, validatedArguments } from "./visible-arguments";

export interface EndpointParts {
  readonly keys: EndpointKeys;
  readonly route: EndpointRoute;
}

/** The resources of an endpoint whose arguments, as far as they are known, are legal. */
export function createEndpointParts(
  component: pulumi.ComponentResource,
  name: string,
  args: GivenArguments,
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
      primaryKeyVersion: versionOf(args.keyVersions, "primaryKey"),
      secondaryKeyVersion: versionOf(args.keyVersions, "secondaryKey"),
      ...keysOf(args.keys),
    },
    { parent: component },
  );
  const { name: namespace, create: createNamespace } = endpointNamespace(
    name,
    args.namespace,
    keys,
  );
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
  const created = createNamespace(shared);
  if (created instanceof Promise) declared.waitFor(created.then(() => true));
  const child = mapLater(created, (found) => {
    return { ...shared, dependsOn: [declared.guard, ...found] };
  });

  const authEnabled = withDefault(args.authEnabled, ENDPOINT_ARGUMENTS.authEnabled.default);
  const versions = mapLater(knownVersions(args.versions), (known) =>
    known === undefined ? undefined : completeVersions(known),
  );
  const rolloutTimeoutSeconds = rolloutTimeout(args.rolloutTimeoutSeconds, versions);
  const locator = { endpoint: name, namespace, rolloutTimeoutSeconds };
  void mapLater(versions, (known) => tellOptOuts(component, known));
  void mapLater(versions, (known) => tellClearSecrets(component, known));
  const policy = mapLater(child, (opts) => {
    createModelPolicy(name, namespace, args.router.namespace, opts);
    return true;
  });
  if (policy instanceof Promise) declared.waitFor(policy);
  const replicas = mapBoth(withSecretNames(versions), child, (known, opts) => {
    const account = createModelAccount(locator, known?.map(({ version }) => version) ?? [], opts);
    const own = { ...opts, dependsOn: [...opts.dependsOn, ...account] };
    return known?.map(({ version, secret }) => createModelVersion(locator, version, secret, own));
  });
  if (replicas instanceof Promise) declared.waitFor(replicas.then(isKnownHere(component)));
  const router = routerPartsOf(args.router);
  const route = new EndpointRoute(
    name,
    {
      kubeconfig: args.router.kubeconfig,
      namespace,
      endpointName: name,
      owner: declared.mark,
      spec: endpointSpec(name, args.router.namespace, versions, authEnabled, keys),
      revisions: mapLater(replicas, (known) =>
        known === undefined
          ? (unknown as never)
          : Object.fromEntries(known.map(({ name: version, revision }) => [version, revision])),
      ),
      rolloutTimeoutSeconds,
    },
    {
      ...declared.options,
      dependsOn: mapLater(replicas, (known = []) => [
        ...(router === undefined ? [] : [router.deployment]),
        ...known.flatMap(({ resources }) => resources),
      ]),
    },
  );
  tellCluster(args.router.kubeconfig, route);
  return { keys, route };
}

type Versions = Later<readonly CompleteVersion[] | undefined>;

/** At once where no variable of a version comes later. */
function withSecretNames(
  versions: Versions,
): Later<readonly { version: CompleteVersion; secret: SecretNames }[] | undefined> {
  if (versions instanceof Promise) return versions.then(withSecretNames);
  const found = versions?.map((version) => ({ version, secret: secretNames(version.args) }));
  const isThere = found?.every(({ secret }) => !(secret instanceof Promise)) ?? true;
  type Known = { version: CompleteVersion; secret: SecretNames }[] | undefined;
  if (found === undefined || isThere) return found as Known;
  return Promise.all(found.map(async ({ version, secret }) => ({ version, secret: await secret })));
}

type Keys = AmlModelEndpointArgs["keyVersions"];

function versionOf(versions: Keys, name: "primaryKey" | "secondaryKey"): pulumi.Input<number> {
  return withDefault(memberOf(versions, name), KEY_VERSION_ARGUMENTS[name].default);
}

/** The keys that are given, as inputs: those that turn out to be undefined are left out. */
function keysOf(keys: AmlModelEndpointArgs["keys"]): {
  readonly primaryKey?: pulumi.Input<string>;
  readonly secondaryKey?: pulumi.Input<string>;
} {
  if (keys === undefined) return {};
  const names = isLater(keys) ? (["primaryKey", "secondaryKey"] as const) : Object.keys(keys);
  return Object.fromEntries(
    names.map((name) => [name, withoutAbsent(memberOf(keys, name as "primaryKey"))]),
  );
}

/** Whether the versions are known. If not, the preview says that it shows less than the update declares. */
function isKnownHere(component: pulumi.Resource) {
  return async (versions: readonly unknown[] | undefined): Promise<boolean> => {
    if (versions !== undefined) return true;
    const sentence =
      "versions isn't known in this preview, so it shows no replicas, or shows those that are there as deleted: the update decides by the names that are known then; give an object whose values may be Outputs to see them in a preview";
    await pulumi.log.warn(sentence, component);
    return false;
  };
}
