// What a change of a cluster's arguments plans for Azure, told in process: Pulumi's mocks give what the component
// declares, and the stand-in of azure-native the differences.
import * as pulumi from "@pulumi/pulumi";
import { DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { AmlAksCluster } from "../../components/cluster/aml-aks-cluster";
import { withShortTraces } from "../../components/engine/short-traces";
import { unreachableKubeconfig } from "../../tools/standins/azure";
import { diff } from "../../tools/standins/pulumi-resource-azure-native";
import { stripSecrets } from "../../tools/standins/property-value";
import { toStruct } from "../../tools/standins/resource-plugin";

/** A resource of azure-native that the component declares. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly ignoreChanges: readonly string[];
  /** Names of the resources whose replacement replaces this one. */
  readonly replaceWith: readonly string[];
  readonly protect: boolean;
}

const kubeconfig = Buffer.from(unreachableKubeconfig("prod.example")).toString("base64");

const ANSWERS: Readonly<Record<string, object>> = {
  "azure-native:authorization:getClientConfig": { subscriptionId: "subscription" },
  "azure-native:containerservice:getManagedCluster": {
    location: "westeurope",
    identityProfile: { kubeletidentity: { objectId: "kubelet" } },
  },
  "azure-native:containerservice:listManagedClusterUserCredentials": {
    kubeconfigs: [{ name: "clusterUser", value: kubeconfig }],
  },
};

/** The resources of a cluster named `prod`. */
export async function declareCluster(args: object): Promise<readonly Declared[]> {
  const registered = new Map<string, { type: string; inputs: Record<string, unknown> }>();
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const names = new Map<pulumi.Resource, string>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const known = stripSecrets(inputs) as Record<string, unknown>;
        if (type.startsWith("azure-native:")) registered.set(name, { type, inputs: known });
        return { id: `${name}-id`, state: { ...known, principalId: "principal" } };
      },
      call: ({ token }) => ANSWERS[token] ?? {},
    },
    "project",
    "stack",
    false,
  );
  const remember: pulumi.ResourceTransformation = ({ resource, type, name, props, opts }) => {
    names.set(resource, name);
    if (type.startsWith("azure-native:")) options.set(name, opts);
    // Mocks have nobody who would call a transform.
    return { props: props, opts: { ...opts, transforms: [] } };
  };
  const opts = { transformations: [remember] };
  const { kubeconfig: last } = withShortTraces(() => new AmlAksCluster("prod", args, opts));
  await new Promise((resolve) => last.apply(resolve));
  // All are declared by now, and those that wait for others are registered a while later.
  while ([...options.keys()].some((name) => !registered.has(name))) {
    await new Promise((next) => setImmediate(next));
  }
  return [...options].map(([name, each]) => ({
    name,
    ...(registered.get(name) ?? { type: "", inputs: {} }),
    ignoreChanges: (each.ignoreChanges ?? []).map(String),
    replaceWith: (each.replaceWith ?? []).map((other) => names.get(other) ?? ""),
    protect: each.protect === true,
  }));
}

/** What the engine would plan, as `update prod` and the like, sorted. */
export function planSteps(before: readonly Declared[], after: readonly Declared[]): string[] {
  const steps = new Map<string, string>();
  for (const old of before) {
    if (!after.some(({ name }) => name === old.name)) steps.set(old.name, "delete");
  }
  for (const wanted of after) {
    const old = before.find(({ name }) => name === wanted.name);
    const step = old === undefined ? "create" : stepOf(old, wanted);
    if (step !== undefined) steps.set(wanted.name, step);
  }
  for (const { name, replaceWith } of after) {
    const isTaken = replaceWith.some((other) => steps.get(other) === "replace");
    if (isTaken && steps.get(name) !== "create") steps.set(name, "replace");
  }
  return [...steps].map(([name, step]) => `${step} ${name}`).sort();
}

function stepOf(old: Declared, wanted: Declared): "update" | "replace" | undefined {
  const request = new DiffRequest();
  request.setType(wanted.type);
  request.setOldInputs(toStruct(old.inputs));
  request.setNews(toStruct(wanted.inputs));
  request.setIgnorechangesList([...wanted.ignoreChanges]);
  const response = diff(request);
  if (response.getDiffsList().length === 0) return undefined;
  return response.getReplacesList().length > 0 ? "replace" : "update";
}
