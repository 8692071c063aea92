// AmlAksCluster takes each argument as an Output, at each level: what it declares is the same.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type AmlAksClusterArgs } from "../../../components/cluster/aml-aks-cluster-args";
import { mergeProperties } from "../../../components/cluster/merge-properties";
import { base } from "../../features/aml-aks-cluster-changes";
import { declareCluster, type Declared } from "../../support/planned-changes";

const group = "/subscriptions/s/resourceGroups/g/providers";
const registries = ["one", "two"].map(
  (name) => `${group}/Microsoft.ContainerRegistry/registries/${name}`,
);
const args = {
  ...base,
  clusterPurpose: "DenseProd",
  nodeAutoscaling: { minCount: 3, maxCount: 9 },
  agentCount: 4,
  agents: { maxPods: 60, labels: { team: "ml" }, maxSurge: "33%", drainTimeoutMinutes: 60 },
  zones: ["1", "2"],
  systemPool: { vmSize: "Standard_D4s_v5", minCount: 3, maxCount: 5 },
  pools: [
    { name: "memory", vmSize: "Standard_E8s_v5", minCount: 0, maxCount: 4, subnetName: "more" },
    {
      name: "cheap",
      vmSize: "Standard_D8s_v5",
      spot: { maxPrice: 0.2 },
      taints: ["a=b:NoSchedule"],
    },
  ],
  gpuPool: { vmSize: "Standard_NC4as_T4_v3" },
  spotPool: { vmSize: "Standard_D8s_v5", maxCount: 5 },
  autoscalerProfile: { expander: "random" },
  tier: "Premium",
  supportPlan: "AKSLongTermSupport",
  maintenanceWindow: { dayOfWeek: "Sunday", startTime: "01:00" },
  network: { vnetName: "net", subnetName: "nodes", loadBalancerSubnetName: "front" },
  networkPolicy: "cilium",
  networkDataplane: "cilium",
  privateCluster: true,
  privateDnsZone: `${group}/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io`,
  kubeletIdentityId: `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/kubelet`,
  entra: { adminGroupObjectIds: ["admins"], azureRbac: true },
  containerRegistryIds: registries,
  azurePolicy: true,
  managedCluster: { networkProfile: { loadBalancerProfile: { idleTimeoutInMinutes: 30 } } },
  tags: { team: "ml" },
} satisfies AmlAksClusterArgs;

/** Each member of an object, and each item of a list, as an Output. */
function membersLate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => pulumi.output(each as unknown));
  if (typeof value !== "object" || value === null) return pulumi.output(value);
  const late = Object.entries(value).map(([name, each]) => [name, membersLate(each)] as const);
  return Object.fromEntries(late);
}

const mapped = (convert: (value: unknown) => unknown): object =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      name === "protectCluster" ? value : convert(value),
    ]),
  );

const sorted = (declared: readonly Declared[]) =>
  declared
    .map(({ name, type, inputs, protect }) => ({ name, type, inputs, protect }))
    .sort((one, other) => one.name.localeCompare(other.name));

describe("AmlAksCluster declares the same", () => {
  let plain: ReturnType<typeof sorted>;
  before(async () => {
    plain = sorted(await declareCluster(args));
    assert.ok(
      ["prod-memory", "prod-cheap", "prod-gpu", "prod-spot"].every((name) =>
        plain.some((each) => each.name === name),
      ),
    );
  });

  it("with lists, maps and objects as TypeScript has them from a StackReference", async () => {
    const { containerRegistryIds, pools, gpuPool, network, tags, zones, entra } = args;
    const typed: AmlAksClusterArgs = {
      ...args,
      containerRegistryIds: pulumi.output(containerRegistryIds),
      pools: pulumi.output(pools),
      gpuPool: pulumi.output(gpuPool),
      network: Promise.resolve(network),
      tags: pulumi.output(tags),
      zones: pulumi.output(zones),
      entra: pulumi.output(entra),
    };
    assert.deepEqual(sorted(await declareCluster(typed)), plain);
  });

  it("with every argument as an Output", async () => {
    assert.deepEqual(sorted(await declareCluster(mapped((value) => pulumi.output(value)))), plain);
  });

  it("with every argument as a promise", async () => {
    const late = mapped((value) => Promise.resolve(value));
    assert.deepEqual(sorted(await declareCluster(late)), plain);
  });

  it("with Outputs inside of objects and lists", async () => {
    assert.deepEqual(sorted(await declareCluster(mapped(membersLate))), plain);
  });

  it("whatever is given as undefined or null, at any depth, or comes as nothing", async () => {
    const least = sorted(await declareCluster(base));
    const absent = {
      ...base,
      existingClusterId: undefined,
      agents: { maxPods: undefined, labels: null },
      gpuPool: null,
      pools: undefined,
    };
    assert.deepEqual(sorted(await declareCluster(absent)), least);
    const nothing = {
      ...base,
      ...Object.fromEntries(
        ["agentCount", "agentVmSize", "nodeAutoscaling", "gpuPool", "pools", "entra", "tags"].map(
          (name) => [name, pulumi.output(undefined)],
        ),
      ),
    };
    const shown = sorted(await declareCluster(nothing));
    assert.deepEqual(JSON.parse(JSON.stringify(shown)), JSON.parse(JSON.stringify(least)));
  });

  it("with the members that a program adds, beside those of the component", () => {
    const cluster = plain.find(({ name }) => name === "prod");
    assert.partialDeepStrictEqual(cluster?.inputs["networkProfile"], {
      networkPluginMode: "overlay",
      loadBalancerProfile: { idleTimeoutInMinutes: 30 },
    });
  });
});

describe("AmlAksCluster with an identity of its own", () => {
  it("makes none and assigns no role to it, but lets the nodes pull", async () => {
    const identityId = `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/own`;
    const declared = await declareCluster({ ...args, identityId });
    const names = declared.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => /identity|subnet|zone|network$|pull/.test(name)),
      ["prod-pull-one-2e2e9", "prod-pull-two-639b5"],
    );
    const cluster = declared.find(({ name }) => name === "prod");
    assert.deepEqual(cluster?.inputs["identity"], {
      type: "UserAssigned",
      userAssignedIdentities: [identityId],
    });
  });
});

describe("mergeProperties()", () => {
  it("merges objects member by member and takes lists as a whole", () => {
    const sent = { a: { b: 1, c: [1, 2] }, d: 4 };
    const added = { a: { c: [3], e: null, f: 6 }, g: { h: 7 } };
    assert.deepEqual(mergeProperties(sent, added), {
      a: { b: 1, c: [3], e: undefined, f: 6 },
      d: 4,
      g: { h: 7 },
    });
    assert.equal(mergeProperties(sent, undefined), sent);
  });
});
