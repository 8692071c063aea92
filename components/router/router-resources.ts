// Resource requests and limits of the router's and the autoscaler's containers, by cluster purpose.
import * as pulumi from "@pulumi/pulumi";
import { ClusterPurpose } from "../../contracts/choices";
import { CONTAINER_RESOURCES } from "../../contracts/pods/pod-defaults";
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
  given: RouterResourceArgs,
): pulumi.Output<RouterResources> {
  return pulumi
    .all([purpose, pulumi.output(given)])
    .apply(([known, { haproxy, agent, autoscaler }]) => {
      const defaults = DEFAULT_RESOURCES[isPurpose(known) ? known : ClusterPurpose.FastProd];
      return {
        haproxy: merge(defaults.haproxy, haproxy),
        agent: merge(defaults.agent, agent),
        autoscaler: merge(defaults.autoscaler, autoscaler),
      };
    });
}

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
