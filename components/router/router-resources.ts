// Resource requests and limits of the router's and the autoscaler's containers, by cluster purpose.
import * as pulumi from "@pulumi/pulumi";
import { ClusterPurpose } from "../../contracts/choices";
import { CONTAINER_RESOURCES } from "../../contracts/pods/pod-defaults";
import { withoutNullsInside } from "../../values/without";
import { type Given } from "../engine/inputs";
import { type RouterResourceArgs } from "./aml-inference-router-args";

interface ContainerResources {
  readonly requests: Record<string, string>;
  readonly limits: Record<string, string>;
}

interface RouterResources {
  readonly haproxy: ContainerResources;
  readonly agent: ContainerResources;
  readonly autoscaler: ContainerResources;
}

/** HAProxy may use the 2 vCPU that v1's router had (azureml-semantics 3.7, row 59). */
const PRODUCTION: RouterResources = {
  ...CONTAINER_RESOURCES,
  haproxy: {
    ...CONTAINER_RESOURCES.haproxy,
    limits: { cpu: "2", ...CONTAINER_RESOURCES.haproxy.limits },
  },
};

/** Small requests, so that one small node holds router and models; the limits are the same. */
const DEVELOPMENT: RouterResources = {
  haproxy: { ...PRODUCTION.haproxy, requests: { cpu: "50m", memory: "64Mi" } },
  agent: { ...PRODUCTION.agent, requests: { cpu: "20m", memory: "64Mi" } },
  autoscaler: { ...PRODUCTION.autoscaler, requests: { cpu: "20m", memory: "64Mi" } },
};

/** Requests and limits where the user gives none. */
const DEFAULT_RESOURCES: Readonly<Record<ClusterPurpose, RouterResources>> = {
  FastProd: PRODUCTION,
  DenseProd: PRODUCTION,
  DevTest: DEVELOPMENT,
};

/** The defaults of the purpose, overridden by the user's requests and limits, per resource. */
export function completeResources(
  purpose: pulumi.Input<string>,
  given: Given<RouterResourceArgs>,
): pulumi.Output<RouterResources> {
  return pulumi.all([purpose, pulumi.output(given)]).apply(([known, resources]) => {
    const { haproxy, agent, autoscaler } = withoutNullsInside(resources ?? {}) as Resources;
    const defaults = DEFAULT_RESOURCES[isPurpose(known) ? known : ClusterPurpose.FastProd];
    return {
      haproxy: merge(defaults.haproxy, haproxy),
      agent: merge(defaults.agent, agent),
      autoscaler: merge(defaults.autoscaler, autoscaler),
    };
  });
}

type Resources = { readonly [Name in keyof RouterResources]?: Partial<ContainerResources> };

function isPurpose(purpose: string): purpose is ClusterPurpose {
  return Object.hasOwn(ClusterPurpose, purpose);
}

function merge(
  defaults: ContainerResources,
  given: Partial<ContainerResources> | undefined,
): ContainerResources {
  return {
    requests: { ...defaults.requests, ...given?.requests },
    limits: { ...defaults.limits, ...given?.limits },
  };
}
