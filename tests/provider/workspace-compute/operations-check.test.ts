// What WorkspaceCompute's check refuses, all at once, and what it lets pass.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../tools/checkout";
import { WorkspaceComputeOperations } from "../../../provider/workspace-compute/operations";
import { COMPUTE_ARGUMENTS } from "../../../validation/compute/compute-arguments";
import { UNKNOWN } from "../../../values/unknown";
import { makePair } from "../../support/certificate-pair";
import { basics, clusterId, workspaceId } from "../../support/workspace-world";

const operations = new WorkspaceComputeOperations({ variable: () => undefined });

async function reasons(args: object, by = operations): Promise<string[]> {
  const { failures } = await by.check({}, { ...basics, ...args });
  assert.ok(failures.every(({ property }) => property === ""));
  return failures.map(({ reason }) => reason);
}

async function refuses(args: object, ...patterns: readonly RegExp[]): Promise<void> {
  const found = await reasons(args);
  assert.equal(found.length, patterns.length, found.join("\n"));
  patterns.forEach((pattern, index) => assert.match(found[index] ?? "", pattern));
}

const v1 = { computeType: "AKS" };
const cname = "score.example.com";

describe("WorkspaceCompute's check", () => {
  let pair: { certificatePem: string; privateKeyPem: string };
  before(async () => {
    pair = await makePair(cname, new Date("2099-01-01"));
  });

  it("fills in defaults", async () => {
    const { inputs, failures } = await operations.check({}, { ...basics, description: null });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, {
      ...basics,
      computeType: "Kubernetes",
      namespace: "default",
      cloud: "public",
      timeoutMinutes: 30,
      drift: {},
    });
  });

  for (const name of ["ab", "1abc", "abc-", "a_b", "a.b", "", `a${"b".repeat(24)}`, 7, undefined]) {
    it(`refuses computeName ${JSON.stringify(name)}`, () =>
      refuses({ computeName: name }, /^computeName must be 3 to 24 letters.*: it is/));
  }
  for (const name of ["abc", "A-9", `a${"b".repeat(23)}`, "Aks-Prod-1"]) {
    it(`takes computeName ${name}`, () => refuses({ computeName: name }));
  }

  for (const [what, id] of [
    ["a name", "prod"],
    ["an agent pool", `${clusterId}/agentPools/a`],
    ["a slash at the end", `${clusterId}/`],
    ["no slash at the beginning", clusterId.slice(1)],
    ["another type", clusterId.replace("managedClusters", "fleets")],
    ["another provider", clusterId.replace("Microsoft.ContainerService", "Microsoft.Kubernetes")],
    ["an empty part", clusterId.replace("/models/", "//")],
    ["a query", `${clusterId}?x=1`],
    ["a workspace", workspaceId],
  ] as const) {
    it(`refuses ${what} as clusterId`, () =>
      refuses({ clusterId: id }, /^clusterId must be a resource id with nine parts, .*: it is "/));
  }

  it("takes ids in any case", () =>
    refuses({
      clusterId: clusterId.replace("Microsoft.ContainerService", "microsoft.containerservice"),
      workspaceId: workspaceId.toUpperCase(),
    }));

  it("says all mistakes at once", () =>
    refuses(
      {
        workspaceId: clusterId,
        computeName: "x",
        clusterId: "prod",
        computeType: "Kubernetes",
        cloud: "german",
        timeoutMinutes: 0,
        namespace: "Models",
        defaultInstanceType: "huge",
        instanceTypes: { GPU: { resources: { limits: { cpu: "lots" } } } },
        tags: { "a/b": "x", team: 7 },
        identity: { type: "UserAssigned" },
        loadBalancerSubnet: "lb",
        nodeCount: 3,
      },
      /^nodeCount is not an argument/,
      /^workspaceId must be/,
      /^computeName must be/,
      /^clusterId must be/,
      /^cloud must be public or usgovernment or china: it is "german"/,
      /^timeoutMinutes must be a whole number from 1 to 240: it is 0/,
      /^namespace must be 1 to 63/,
      /^loadBalancerSubnet must be left out with computeType "Kubernetes"/,
      /^tags\.a\/b must have a name/,
      /^tags\.team must be a text of at most 256 characters: it is 7/,
      /^instanceTypes\.GPU must have a name/,
      /^instanceTypes\.GPU\.resources\.limits\.cpu must be a quantity/,
      /^defaultInstanceType must be one of instanceTypes, GPU: it is "huge"/,
      /^identity\.userAssignedIdentityIds must be at least one id/,
      /^loadBalancerSubnet must be left out unless/,
    ));

  it("keeps the arguments of one type from the other", async () => {
    await refuses(
      { clusterPurpose: "FastProd", ssl: { status: "Disabled" } },
      /^clusterPurpose must be left out with computeType "Kubernetes"/,
      /^ssl must be left out/,
    );
    await refuses(
      { ...v1, namespace: "a", tags: { a: "b" } },
      /^namespace must be left out with computeType "AKS": only ssl and the load balancer/,
      /^tags must be left out/,
    );
  });

  it("lets unknown values pass, wherever they stand", async () => {
    await refuses({ ...basics, workspaceId: UNKNOWN, clusterId: UNKNOWN, computeName: UNKNOWN });
    await refuses({ tags: UNKNOWN, instanceTypes: { gpu: UNKNOWN }, identity: { type: UNKNOWN } });
    await refuses({ computeType: UNKNOWN, ssl: UNKNOWN, cloud: UNKNOWN, timeoutMinutes: UNKNOWN });
    await refuses({
      ...v1,
      ssl: { cname: UNKNOWN, certificatePem: UNKNOWN, privateKeyPem: UNKNOWN },
    });
    await refuses({ ...v1, ssl: { ...pair, cname: UNKNOWN } });
    await refuses({ ...v1, loadBalancerType: UNKNOWN, loadBalancerSubnet: "lb" });
  });

  it("takes each way to TLS", async () => {
    await refuses({ ...v1, ssl: { cname, ...pair } });
    await refuses({ ...v1, ssl: { cname, ...pair, status: "Enabled" } });
    await refuses({ ...v1, ssl: { leafDomainLabel: "score" } });
    await refuses({ ...v1, ssl: { leafDomainLabel: "score", overwriteExistingDomain: true } });
    await refuses({ ...v1, ssl: { status: "Disabled" } });
    const internal = { loadBalancerType: "InternalLoadBalancer", loadBalancerSubnet: "lb" };
    await refuses({ ...v1, ...internal, ssl: { cname, ...pair } });
  });

  it("refuses every other combination", async () => {
    const ssl = (value: object, ...patterns: RegExp[]) =>
      refuses({ ...v1, ssl: value }, ...patterns);
    const label = { leafDomainLabel: "score" };
    await ssl({}, /^ssl must have cname, certificatePem and privateKeyPem, or leafDomainLabel/);
    await ssl({ cname }, /^ssl\.certificatePem is required/, /^ssl\.privateKeyPem is required/);
    await ssl({ ...pair }, /^ssl\.cname is required/);
    await ssl(
      { cname, ...pair, ...label },
      /it has ssl\.cname, .* together with ssl\.leafDomainLabel/,
    );
    await ssl({ overwriteExistingDomain: true }, /^ssl\.overwriteExistingDomain must be left out/);
    await ssl(
      { cname, ...pair, overwriteExistingDomain: false },
      /together with ssl\.overwriteExistingDomain/,
    );
    await ssl({ status: "Disabled", ...label }, /^ssl\.leafDomainLabel must be left out with ssl/);
    await ssl({ status: "Auto", cname, ...pair }, /^ssl\.status must be "Enabled" or left out/);
    await ssl({ status: "Enabled", ...label }, /^ssl\.status must be "Auto" or left out/);
    await ssl({ ...label, renew: true }, /^ssl\.renew is not supported/);
    await ssl({ leafDomainLabel: "Score.x" }, /^ssl\.leafDomainLabel must be 1 to 63/);
    await ssl(
      { ...label, overwriteExistingDomain: "yes" },
      /^ssl\.overwriteExistingDomain must be/,
    );
    const internal = { ...v1, loadBalancerType: "InternalLoadBalancer" };
    await refuses({ ...internal, ssl: label }, /^ssl\.leafDomainLabel must be left out with load/);
    await refuses(
      { ...v1, loadBalancerType: "PublicIp", loadBalancerSubnet: "lb" },
      /^loadBalancerSubnet must be left out unless/,
    );
  });

  it("judges certificates, and shows neither them nor their keys", async () => {
    const other = await makePair(cname, new Date("2099-01-01"));
    const expired = await makePair(cname, new Date("2026-01-02"));
    const cases = [
      [{ cname: "else.example.com", ...pair }, /certificatePem must be for ssl\.cname/],
      [{ cname, ...pair, privateKeyPem: other.privateKeyPem }, /privateKeyPem must belong to/],
      [{ cname, ...expired }, /certificatePem must be valid: it expired/],
      [{ cname, ...pair, privateKeyPem: "nothing" }, /privateKeyPem must be a private key in PEM/],
    ] as const;
    for (const [ssl, pattern] of cases) {
      const [reason = "", ...more] = await reasons({ ...v1, ssl });
      assert.match(reason, pattern);
      assert.deepEqual(more, []);
      assert.ok(
        !reason.includes(ssl.privateKeyPem.slice(30, 60)) || ssl.privateKeyPem === "nothing",
      );
    }
    await refuses({ ...v1, ssl: { cname, ...pair, privateKeyPem: 7 } }, /it is something else/);
  });
});

describe("docs/workspace-compute.md", () => {
  it("lists every argument and no other", () => {
    const path = join(projectRoot, "docs", "workspace-compute.md");
    const [, section = ""] = readFileSync(path, "utf8").split("## Arguments\n");
    const rows = section.split("\n## ")[0]?.matchAll(/^\| `(\w+)`/gm) ?? [];
    assert.deepEqual(
      [...rows].map(([, name]) => name).sort(),
      Object.keys(COMPUTE_ARGUMENTS).sort(),
    );
  });
});

describe("WorkspaceCompute's cloud", () => {
  const withSettings = (variables: Record<string, string>, config: Record<string, string> = {}) => {
    const by = new WorkspaceComputeOperations({ variable: (name) => variables[name] });
    by.configure({ get: (key) => config[key] });
    return by;
  };

  it("comes from azure-native's configuration, ARM_ENVIRONMENT or AZURE_ENVIRONMENT, in this order", async () => {
    const variables = { ARM_ENVIRONMENT: "usgovernment", AZURE_ENVIRONMENT: "AzureChinaCloud" };
    const config = { "azure-native:environment": "china" };
    const cloudOf = async (by: WorkspaceComputeOperations, args = {}) =>
      (await by.check({}, { ...basics, ...args })).inputs.cloud;
    assert.equal(await cloudOf(withSettings(variables, config)), "china");
    assert.equal(await cloudOf(withSettings(variables)), "usgovernment");
    assert.equal(await cloudOf(withSettings({ AZURE_ENVIRONMENT: "AzureChinaCloud" })), "china");
    assert.equal(await cloudOf(withSettings({ AZURE_ENVIRONMENT: "AzureCloud" })), "public");
    assert.equal(await cloudOf(withSettings(variables, config), { cloud: "public" }), "public");
  });

  it("must be one of three, wherever it comes from", async () => {
    const found = await reasons({}, withSettings({ ARM_ENVIRONMENT: "german" }));
    assert.deepEqual(found, [
      'ARM_ENVIRONMENT must be one of public, usgovernment, china: it is "german"',
    ]);
    assert.deepEqual(
      await reasons({ cloud: "china" }, withSettings({ ARM_ENVIRONMENT: "german" })),
      [],
    );
  });

  it("is reached over TLS, wherever it is", async () => {
    const found = await reasons({}, withSettings({ AML_INFERENCE_AZURE_ENDPOINT: "http://a" }));
    assert.deepEqual(found, [
      'AML_INFERENCE_AZURE_ENDPOINT must be https://<host>: it is "http://a"',
    ]);
  });
});
