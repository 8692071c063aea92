// AmlModelEndpoint: one model with up to six versions behind one scoring URI.
import * as pulumi from "@pulumi/pulumi";
import { EndpointKeys } from "../provider/endpoint-keys";
import { EndpointRoute } from "../provider/endpoint-route";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import { knownArguments, refuseArguments } from "./argument-error";
import { KEY_NUMBERS, ROLLOUT_TIMEOUT } from "./bounds";
import { checkEndpoint, DEFAULT_NAMESPACE } from "./check-endpoint";
import { clusterProviderOf } from "./cluster-provider";
import { completeVersions } from "./complete-version";
import { endpointSpec } from "./endpoint-spec";
import { createModelVersion } from "./model-version";
import { createNamespace } from "./namespace";
import { routerPartsOf } from "./router-reference";
import { judgedArguments, plainArguments, visibleArguments } from "./visible-arguments";

/**
 * A model that answers at `/api/v1/service/<name>/score`: a Deployment and a Service per version, two keys, and
 * the route that shares the traffic among the versions. The component's name is the endpoint's.
 */
export class AmlModelEndpoint extends pulumi.ComponentResource {
  public static readonly __pulumiType = "aml-inference:index:AmlModelEndpoint";

  /** Where requests go: POST, with a key as bearer token. */
  public readonly scoringUri: pulumi.Output<string>;
  /** The description of the model's interface. */
  public readonly swaggerUri: pulumi.Output<string>;
  /** One of the two keys. A secret. */
  public readonly primaryKey: pulumi.Output<string>;
  /** The other key, which serves while the first is replaced. A secret. */
  public readonly secondaryKey: pulumi.Output<string>;
  /** State of each version when it was last declared, in v1's words. */
  public readonly versionStates: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: AmlModelEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super(AmlModelEndpoint.__pulumiType, name, visibleArguments(args), opts);
    refuseArguments(this, checkEndpoint(name, knownArguments(plainArguments(args))));

    const keys = new EndpointKeys(
      name,
      {
        judged: { component: "AmlModelEndpoint", name, arguments: judgedArguments(args) },
        primaryKeyVersion: args.keyVersions?.primaryKey ?? KEY_NUMBERS.primaryKey.default,
        secondaryKeyVersion: args.keyVersions?.secondaryKey ?? KEY_NUMBERS.secondaryKey.default,
        ...args.keys,
      },
      { parent: this },
    );
    const provider = clusterProviderOf(this, args.router);
    const child = { parent: this, provider, dependsOn: [keys] };

    const namespace = createNamespace(name, args.namespace ?? DEFAULT_NAMESPACE, child);
    const rolloutTimeoutSeconds = args.rolloutTimeoutSeconds ?? ROLLOUT_TIMEOUT.default;
    const place = { endpoint: name, namespace, rolloutTimeoutSeconds };
    const versions = completeVersions(args.versions);
    const replicas = versions.map((version) => createModelVersion(place, version, child));
    const routerParts = routerPartsOf(args.router);
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
        parent: this,
        dependsOn: [
          ...(routerParts === undefined ? [] : [routerParts.deployment]),
          ...replicas.flatMap(({ resources }) => resources),
        ],
      },
    );

    const service = pulumi.interpolate`${args.router.scoringBaseUri}/api/v1/service/${name}`;
    this.scoringUri = pulumi.interpolate`${service}/score`;
    this.swaggerUri = pulumi.interpolate`${service}/swagger.json`;
    this.primaryKey = pulumi.secret(keys.primaryKey);
    this.secondaryKey = pulumi.secret(keys.secondaryKey);
    this.versionStates = route.versionStates;
    this.registerOutputs({
      scoringUri: this.scoringUri,
      swaggerUri: this.swaggerUri,
      primaryKey: this.primaryKey,
      secondaryKey: this.secondaryKey,
      versionStates: this.versionStates,
    });
  }
}
