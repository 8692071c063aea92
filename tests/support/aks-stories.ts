// What the stories of AmlAksCluster have in common: programs with one cluster, and what is in the stand-in Azure.
import assert from "node:assert/strict";
import { type JsonObject, withValueAt, type Azure } from "../../tools/standins/azure";
import { GROUP, SUBSCRIPTION } from "./azure-stack";
import { changingSteps, type Stack } from "./stack";

export const CLUSTERS = "Microsoft.ContainerService/managedClusters";
export const POOLS = `${CLUSTERS}/agentPools`;
export const groupId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;
export const clusterId = `${groupId}/providers/${CLUSTERS}/prod`;

/** A program with the cluster `prod`, and its outputs. */
export function programOf(args: object): string {
  return `const { AmlAksCluster } = require("aml-inference");
const cluster = new AmlAksCluster("prod", ${JSON.stringify(args)});
exports.kubeconfig = cluster.kubeconfig;
exports.clusterId = cluster.clusterId;
exports.fqdn = cluster.fqdn;
exports.vCpus = cluster.vCpus;
exports.requiredEgress = cluster.requiredEgress;
`;
}

/** What a preview would do in Azure, as `update prod` and the like. */
export async function plannedSteps(stack: Stack): Promise<string[]> {
  return changingSteps(await stack.preview())
    .filter(({ urn }) => urn.includes("azure-native:"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)
    .sort();
}

export async function expectNoChange(stack: Stack): Promise<void> {
  const changes = changingSteps(await stack.preview()).map(({ op, urn }) => `${op} ${urn}`);
  assert.deepEqual(changes, []);
}

/** The cluster as it is in Azure. */
export function cluster(azure: Azure): JsonObject | undefined {
  return azure.store.get(clusterId)?.body;
}

/** The one pool whose name begins so, with its id. */
export function pool(azure: Azure, prefix = "agents") {
  const found = azure.store.list(POOLS).filter(({ name }) => name.startsWith(prefix));
  assert.equal(found.length, 1, `pools named ${prefix}…`);
  const [only] = found;
  assert.ok(only);
  return only;
}

/** Changes a resource as somebody else would. */
export function edit(azure: Azure, id: string, path: string, value: unknown): void {
  const resource = azure.store.get(id);
  assert.ok(resource);
  azure.store.put(id, resource.type, withValueAt(resource.body, path, value), azure.clock.now());
}
