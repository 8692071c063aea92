// Resources as a policy pack sees them: which of them are ours, and how they belong together.
import { AUTOSCALE_ARGUMENTS } from "../../validation/endpoint/version-arguments";
import { VERSION_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import { Input, Unread } from "./input";

export interface DeclaredResource {
  readonly urn: string;
  /** The type token. */
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
  readonly inputs: Input;
  /** Pulumi's `protect`. */
  readonly isProtected: boolean;
  /** URN of the parent. */
  readonly parent?: string;
  /** URNs of what it depends on, in a stack policy; empty before. */
  readonly dependencies: readonly string[];
}

export interface DeclaredStack {
  readonly resources: readonly DeclaredResource[];
}

export const CLUSTER = "aml-inference:index:AmlAksCluster";
export const ROUTER = "aml-inference:index:AmlInferenceRouter";
export const ENDPOINT = "aml-inference:index:AmlModelEndpoint";

const dynamic = (name: string) => `pulumi-nodejs:dynamic/aml-inference:${name}`;
export const ROUTER_PODS = dynamic("RouterDeployment");
export const AUTOSCALER_PODS = dynamic("AutoscalerDeployment");
export const ROUTE = dynamic("EndpointRoute");

/** Types have a version of their API in between, or none. */
const MANAGED_CLUSTER = /^azure-native:containerservice(\/v\w+)?:ManagedCluster$/;
const AGENT_POOL = /^azure-native:containerservice(\/v\w+)?:AgentPool$/;
const DEPLOYMENT = /^kubernetes:apps\/v1:Deployment$/;

export const isType =
  (...types: readonly string[]) =>
  ({ type }: DeclaredResource): boolean =>
    types.includes(type);

/** Whether a component of this type declares it, or of any of ours: a URN names the types of all parents. */
const isOurs = ({ urn }: DeclaredResource, component = "aml-inference:index:Aml"): boolean =>
  (urn.split("::")[2] ?? "").includes(component);

export const isManagedCluster = (resource: DeclaredResource): boolean =>
  MANAGED_CLUSTER.test(resource.type) && isOurs(resource);

export const isAgentPool = (resource: DeclaredResource): boolean =>
  AGENT_POOL.test(resource.type) && isOurs(resource);

export const isAzureResource = (resource: DeclaredResource): boolean =>
  resource.type.startsWith("azure-native:") && isOurs(resource);

/** The Deployment of a version of an endpoint. */
export const isModelDeployment = (resource: DeclaredResource): boolean =>
  DEPLOYMENT.test(resource.type) && isOurs(resource, ENDPOINT);

/** The versions of an endpoint by name. @throws Unread where the program's names come later */
export function versionsOf(endpoint: DeclaredResource): readonly (readonly [string, Input])[] {
  const versions = endpoint.inputs.at("versions");
  if (versions.isAbsent) {
    throw new Unread(
      "versions",
      "isn't shown to policies: PULUMI_NODEJS_SKIP_COMPONENT_INPUTS must not be set",
    );
  }
  return versions.entries;
}

/** Replicas of a version at the least and at the most. */
export function replicasOf(version: Input): { readonly least: number; readonly most: number } {
  const fixed = version.at("numReplicas").number;
  if (fixed !== undefined) return { least: fixed, most: fixed };
  const { minReplicas, maxReplicas } = AUTOSCALE_ARGUMENTS;
  const autoscale = version.at("autoscale");
  return {
    least: autoscale.at("minReplicas").number ?? minReplicas.default,
    most: autoscale.at("maxReplicas").number ?? maxReplicas.default,
  };
}

/** The path of the argument that decides the number of replicas. */
export function replicasPath(version: Input, bound: "minReplicas" | "maxReplicas"): string {
  const isFixed = !version.at("numReplicas").isAbsent;
  return isFixed ? `${version.path}.numReplicas` : `${version.path}.autoscale.${bound}`;
}

/** What the cluster of an endpoint's router is for. @throws Unread */
export const purposeOf = ({ inputs }: DeclaredResource): string =>
  inputs.at("router", "clusterPurpose").text ?? "FastProd";

/** How a program names the version that a Deployment runs, e.g. `versions.blue`. */
export function versionPath({ inputs, name }: DeclaredResource): string {
  const version = inputs.at("metadata", "labels").raw as Record<string, unknown> | undefined;
  const found = version?.[VERSION_LABEL];
  return `versions.${typeof found === "string" ? found : name}`;
}

/** Containers of a version's Deployment, init containers included; their paths begin with the version's. */
export function containersOf(deployment: DeclaredResource): readonly Input[] {
  const pods = deployment.inputs.at("spec", "template", "spec");
  const path = versionPath(deployment);
  return [...pods.at("containers").items, ...pods.at("initContainers").items].map(
    ({ raw }) => new Input(raw, path),
  );
}

/**
 * The router component that serves an endpoint, where the same stack declares both: the endpoint's route depends on the
 * router's pods.
 */
export function routerOf(
  endpoint: DeclaredResource,
  { resources }: DeclaredStack,
): DeclaredResource | undefined {
  const route = resources.find(({ type, parent }) => type === ROUTE && parent === endpoint.urn);
  const pods = resources.find(
    ({ type, urn }) => type === ROUTER_PODS && route?.dependencies.includes(urn),
  );
  return resources.find(({ urn }) => urn === pods?.parent);
}
