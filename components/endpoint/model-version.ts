// One version's objects in the cluster.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../../values/digest";
import { type CompleteVersion } from "./complete-version";
import {
  modelDeployment,
  modelPods,
  modelService,
  versionLabels,
  type VersionLocator,
} from "./model-deployment";
import { createSecretVariables, type SecretNames } from "./secret-variables";
import { versionObjectName } from "../../validation/endpoint/names";

export interface ModelVersion {
  readonly name: string;
  /** Changes when the replicas must be replaced: digest of their pod template. */
  readonly revision: pulumi.Output<string>;
  readonly resources: readonly pulumi.Resource[];
}

type ChildOptions = Omit<pulumi.CustomResourceOptions, "parent" | "dependsOn"> & {
  readonly parent: pulumi.Resource;
  readonly dependsOn: pulumi.Resource[];
};

/** The Deployment that runs the version's replicas, and the Service that lists them, and a Secret for its secret variables. */
export function createModelVersion(
  locator: Omit<VersionLocator, "objectName">,
  version: CompleteVersion,
  secret: SecretNames,
  opts: ChildOptions,
): ModelVersion {
  const objectName = versionObjectName(locator.endpoint, version.name);
  const at = { ...locator, objectName };
  const labels = versionLabels(locator.endpoint, version.name);
  const secrets = createSecretVariables(version.args, secret, { ...at, labels }, opts);
  const pods = modelPods(locator.endpoint, version, secrets.source);
  const revision = pulumi.output(pods).apply(digestOf);
  const deploymentOpts = {
    ...opts,
    dependsOn: [...opts.dependsOn, ...secrets.resources],
    // The autoscaler owns the number, once the Deployment is there.
    ...(version.scale.mode === "auto" ? { ignoreChanges: ["spec.replicas"] } : {}),
  };
  return {
    name: version.name,
    revision,
    resources: [
      ...secrets.resources,
      new k8s.core.v1.Service(objectName, modelService(at, version), opts),
      new k8s.apps.v1.Deployment(
        objectName,
        modelDeployment(at, version, pods, revision),
        deploymentOpts,
      ),
    ],
  };
}
