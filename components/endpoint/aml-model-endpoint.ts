// AmlModelEndpoint: one model with up to six versions behind one scoring URI.
import * as pulumi from "@pulumi/pulumi";
import { SCORE, SERVICE_PATH, SWAGGER } from "../../contracts/scoring-api";
import { type AmlModelEndpointArgs } from "./aml-model-endpoint-args";
import { knownArguments, refuseArguments } from "../engine/refuse-arguments";
import { surroundings } from "../../provider/engine/surroundings";
import { validateEndpoint } from "../../validation/endpoint/validate-endpoint";
import { createEndpointParts } from "./endpoint-parts";
import { withShortTraces } from "../engine/short-traces";
import { givenArguments, plainArguments, visibleArguments } from "./visible-arguments";

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
    const given = givenArguments(args);
    super(AmlModelEndpoint.__pulumiType, name, visibleArguments(given), opts);
    refuseArguments(
      this,
      validateEndpoint(name, knownArguments(plainArguments(given)), surroundings()),
    );

    const { keys, route } = withShortTraces(() => createEndpointParts(this, name, given));

    const service = pulumi.interpolate`${given.router.scoringBaseUri}${SERVICE_PATH}${name}`;
    this.scoringUri = pulumi.interpolate`${service}/${SCORE}`;
    this.swaggerUri = pulumi.interpolate`${service}/${SWAGGER}`;
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
