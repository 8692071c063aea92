// The spec of the endpoint's custom resource: what the routers serve and the autoscaler scales.
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { type Later, mapLater } from "../engine/inputs";
import {
  type Authentication,
  type EndpointVersion,
  type ModelEndpointSpec,
} from "../../contracts/model-endpoint/model-endpoint";
import { STREAM_DEFAULTS } from "../../contracts/model-endpoint/limits";
import { type CompleteVersion, type VersionScale } from "./complete-version";
import { versionObjectName } from "../../validation/endpoint/names";

/** The endpoint's keys while they are known only to the engine. */
export interface EndpointKeyOutputs {
  readonly primaryKey: pulumi.Output<string>;
  readonly secondaryKey: pulumi.Output<string>;
}

/** The whole spec, unknown where the versions are; with `authEnabled` false the endpoint is open and `keys` count for nothing. */
export function endpointSpec(
  endpoint: string,
  routerNamespace: pulumi.Input<string>,
  versions: Later<readonly CompleteVersion[] | undefined>,
  authEnabled: pulumi.Input<boolean>,
  keys: EndpointKeyOutputs,
): pulumi.Output<ModelEndpointSpec> {
  const specs = mapLater(versions, (known) =>
    known === undefined
      ? (unknown as never)
      : pulumi.all(known.map((version) => versionSpec(endpoint, version))),
  );
  return pulumi
    .all([routerNamespace, authentication(endpoint, authEnabled, keys), pulumi.output(specs)])
    .apply(([router, access, served]) => ({
      routerNamespace: router,
      authentication: access,
      versions: served,
    }));
}

/** Lower-case hex of SHA-256 over `<key>@<endpoint>`: the cluster never sees the key. */
function keyDigest(key: string, endpoint: string): string {
  return createHash("sha256").update(`${key}@${endpoint}`).digest("hex");
}

function authentication(
  endpoint: string,
  authEnabled: pulumi.Input<boolean>,
  { primaryKey, secondaryKey }: EndpointKeyOutputs,
): pulumi.Output<Authentication> {
  const access = pulumi
    .all([authEnabled, primaryKey, secondaryKey])
    .apply(([enabled, primary, secondary]): Authentication => {
      // Only false disables authentication: the Output may resolve to undefined.
      if (enabled === false) return { mode: "None" };
      const keyDigests = [
        { name: "primary", sha256: keyDigest(primary, endpoint) },
        { name: "secondary", sha256: keyDigest(secondary, endpoint) },
      ] as const;
      return { mode: "Key", keyDigests };
    });
  // Digests stand in the cluster for all who may read endpoints: they are no secrets.
  return pulumi.unsecret(access);
}

function versionSpec(endpoint: string, version: CompleteVersion): pulumi.Output<EndpointVersion> {
  const objectName = versionObjectName(endpoint, version.name);
  return pulumi
    .all([
      version.isDefault,
      version.isControl,
      version.trafficPercentile,
      version.maxConcurrentRequestsPerContainer,
      version.maxQueueWaitMs,
      version.scoringTimeoutMs,
      streamBounds(version),
      replicaCount(version.scale),
    ])
    .apply(
      ([
        isDefault,
        isControl,
        trafficPercentile,
        maxConcurrentRequestsPerContainer,
        maxQueueWaitMs,
        scoringTimeoutMs,
        streams,
        replicas,
      ]): EndpointVersion => ({
        name: version.name,
        serviceName: objectName,
        deploymentName: objectName,
        isDefault,
        type: isControl ? "Control" : "Treatment",
        trafficPercentile,
        maxConcurrentRequestsPerContainer,
        maxQueueWaitMs,
        scoringTimeoutMs,
        ...streams,
        ...replicas,
      }),
    );
}

type StreamBounds = Partial<Record<keyof typeof STREAM_DEFAULTS, number>>;

/** Defaults are left out: the API server refuses fields that a CustomResourceDefinition of an earlier release lacks. */
function streamBounds(version: CompleteVersion): pulumi.Output<StreamBounds> {
  const { streamIdleTimeoutMs, maxStreamSeconds } = version;
  return pulumi.output({ streamIdleTimeoutMs, maxStreamSeconds }).apply((bounds) => {
    const isOwn = ([name, bound]: [string, number]) =>
      bound !== STREAM_DEFAULTS[name as keyof typeof STREAM_DEFAULTS];
    return Object.fromEntries(Object.entries(bounds).filter(isOwn));
  });
}

type ReplicaCount = Pick<EndpointVersion, "autoscale" | "numReplicas">;

function replicaCount(scale: VersionScale): pulumi.Output<ReplicaCount> {
  if (scale.mode === "fixed") {
    return pulumi.output(scale.numReplicas).apply((numReplicas) => ({ numReplicas }));
  }
  const { minReplicas, maxReplicas, targetUtilization, refreshPeriodInSeconds } = scale.autoscale;
  return pulumi
    .all([minReplicas, maxReplicas, targetUtilization, refreshPeriodInSeconds])
    .apply(([least, most, target, period]) => ({
      autoscale: {
        minReplicas: least,
        maxReplicas: most,
        targetUtilization: target,
        refreshPeriodInSeconds: period,
      },
    }));
}
