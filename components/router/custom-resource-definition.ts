// The ModelEndpoint custom resource's definition: one per cluster, whoever creates it first.
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CUSTOM_RESOURCE_DEFINITION } from "../../contracts/model-endpoint/custom-resource-definition";
import { mutableCopy } from "../engine/mutable-copy";

/** Adopted where it exists, and retained when the router is deleted: deleting it would delete every endpoint. */
export function createCustomResourceDefinition(
  name: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { metadata, spec } = mutableCopy(CUSTOM_RESOURCE_DEFINITION);
  const definition = { metadata, spec };
  return new k8s.apiextensions.v1.CustomResourceDefinition(name, definition, {
    ...opts,
    retainOnDelete: true,
  });
}
