// What the router's and the autoscaler's containers ask for, by what the cluster is for.
import { type ClusterPurpose } from "./aml-inference-router-args";

export interface ContainerResources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

export interface RouterResources {
  readonly haproxy: ContainerResources;
  readonly agent: ContainerResources;
  readonly autoscaler: ContainerResources;
}

/** Room for the 2 vCPU and 1.2 GB that v1's router had (azureml-semantics 3.7, row 59). */
const PRODUCTION: RouterResources = {
  haproxy: { requests: { cpu: "500m", memory: "500Mi" }, limits: { cpu: "2", memory: "1200Mi" } },
  agent: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  autoscaler: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
};

/** Little is promised, so that one small node holds router and models; the limits are the same. */
const DEVELOPMENT: RouterResources = {
  haproxy: { ...PRODUCTION.haproxy, requests: { cpu: "50m", memory: "64Mi" } },
  agent: { ...PRODUCTION.agent, requests: { cpu: "20m", memory: "64Mi" } },
  autoscaler: { ...PRODUCTION.autoscaler, requests: { cpu: "20m", memory: "64Mi" } },
};

/** Requests and limits where the user gives none. */
export const DEFAULT_RESOURCES: Readonly<Record<ClusterPurpose, RouterResources>> = {
  FastProd: PRODUCTION,
  DenseProd: PRODUCTION,
  DevTest: DEVELOPMENT,
};
