// The pods of a version with its `podTemplate`.
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { podLevelSecurity } from "../../kubernetes/core/pod-security";
import { mergePodTemplate } from "../../kubernetes/core/strategic-merge";
import { isRecord } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { outputOf } from "../engine/inputs";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";
import { levelOf } from "./model-security";
import { secured } from "./pod-additions";

/** The pod template of a version, but for the annotation with its digest. */
export interface ModelPods {
  readonly metadata: {
    readonly labels: pulumi.Input<Record<string, string>>;
    readonly annotations?: pulumi.Input<Record<string, string>>;
  };
  readonly spec: k8s.types.input.core.v1.PodSpec;
}

/**
 * The patch changes what only a whole pod shows: a preview that doesn't know a value of it shows none of it. The pod and the
 * containers that it adds keep to the version's level of security, whatever it deletes.
 */
export function patchedPods(
  pods: ModelPods,
  args: Pick<EndpointVersionArgs, "podTemplate" | "podSecurity">,
): ModelPods {
  const { podTemplate } = args;
  if (podTemplate === undefined) return pods;
  const patched = pulumi
    .all([outputOf<JsonObject>(pods), outputOf<JsonObject | undefined>(podTemplate), levelOf(args)])
    .apply(([template, patch, level]): JsonObject => {
      if (!isRecord(patch)) return template;
      const merged = mergePodTemplate(template, patch);
      const spec = (merged["spec"] ?? {}) as JsonObject;
      const withSecurity = ["initContainers", "containers"].flatMap((list) => {
        const containers = spec[list] as readonly JsonObject[] | undefined;
        return containers === undefined
          ? []
          : [[list, containers.map((each) => secured(each, level))] as const];
      });
      const given = spec["securityContext"] as JsonObject | undefined;
      const securityContext = podLevelSecurity(level, given);
      return {
        ...merged,
        spec: { ...spec, securityContext, ...Object.fromEntries(withSecurity) },
      };
    });
  const metadata = patched.apply((template) => (template["metadata"] ?? {}) as JsonObject);
  type Texts = Record<string, string>;
  return {
    metadata: {
      labels: metadata.apply(({ labels }) => labels as Texts),
      annotations: metadata.apply(({ annotations }) => annotations as Texts),
    },
    spec: patched.apply((template) => template["spec"]) as pulumi.Output<never>,
  };
}
