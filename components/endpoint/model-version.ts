// One version's objects in the cluster.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../../values/digest";
import { type CompleteVersion } from "./complete-version";
import { modelDeployment, modelPods, modelService, type VersionLocator } from "./model-deployment";
import { versionObjectName } from "../../validation/endpoint/names";

export interface ModelVersion {
  readonly name: string;
  /** Changes when the replicas must be replaced: digest of their pod template. */
  readonly revision: pulumi.Output<string>;
  readonly resources: readonly pulumi.Resource[];
}

/** The Deployment that runs the version's replicas, and the Service that lists them. */
export function createModelVersion(
  locator: Omit<VersionLocator, "objectName">,
  version: CompleteVersion,
  opts: pulumi.CustomResourceOptions,
): ModelVersion {
  const objectName = versionObjectName(locator.endpoint, version.name);
  const at = { ...locator, objectName };
  const pods = modelPods(locator.endpoint, version);
  const revision = pulumi.output(pods).apply(digestOf);
  const deploymentOpts = {
    ...opts,
    // The autoscaler owns the number, once the Deployment is there.
    ...(version.scale.mode === "auto" ? { ignoreChanges: ["spec.replicas"] } : {}),
  };
  return {
    name: version.name,
    revision,
    resources: [
      new k8s.core.v1.Service(objectName, modelService(at, version), opts),
      new k8s.apps.v1.Deployment(
        objectName,
        modelDeployment(at, version, pods, revision),
        deploymentOpts,
      ),
    ],
  };
}
