// The vendor's own clients work against the stand-in Azure: long operations, faults, lost state, sign-in.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { ClientSecretCredential } from "@azure/identity";
import { faultKinds } from "../../../../tools/standins/azure/core/faults";
import { type Azure, startAzure } from "../../../../tools/standins/azure/start-azure";
import { connectClients, createGroup, groupId, SUBSCRIPTION } from "./azure-clients";
import { clusterBody, clusterId } from "./scenario";

const cluster = {
  location: "westeurope",
  identity: { type: "SystemAssigned" },
  dnsPrefix: "prod",
  agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5" }],
};

// The clients wait two seconds before the first poll unless told otherwise.
const fast = { updateIntervalInMs: 1 };

describe("The stand-in Azure, driven by the vendor's clients", () => {
  let azure: Azure;
  beforeEach(async () => {
    azure = await startAzure({ silenceMs: 20 });
    await createGroup(connectClients(azure));
  });
  afterEach(() => azure.close());

  it("creates, updates and deletes a managed cluster and a node pool", async () => {
    const { aks } = connectClients(azure);
    const made = await aks.managedClusters.createOrUpdate("models", "prod", cluster, fast);
    assert.equal(made.provisioningState, "Succeeded");
    assert.match(made.fqdn ?? "", /^prod-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/);
    const pool = await aks.agentPools.createOrUpdate(
      "models",
      "prod",
      "agents",
      {
        count: 3,
        vmSize: "Standard_D4s_v5",
      },
      fast,
    );
    assert.equal(pool.count, 3);
    await aks.agentPools.delete("models", "prod", "agents", fast);
    await assert.rejects(aks.agentPools.get("models", "prod", "agents"), {
      code: "ResourceNotFound",
    });
    await aks.managedClusters.delete("models", "prod", fast);
    assert.deepEqual(azure.store.list("Microsoft.ContainerService/managedClusters"), []);
  });

  it("attaches and detaches a compute of type Kubernetes", async () => {
    const { aks, ml } = connectClients(azure);
    await aks.managedClusters.createOrUpdate("models", "prod", cluster, fast);
    await ml.workspaces.beginCreateOrUpdateAndWait(
      "models",
      "ws",
      { location: "westeurope" },
      fast,
    );
    const compute = await ml.computeOperations.beginCreateOrUpdateAndWait(
      "models",
      "ws",
      "aks",
      {
        properties: { computeType: "Kubernetes", resourceId: clusterId },
      },
      fast,
    );
    assert.equal(compute.properties?.provisioningState, "Succeeded");
    await ml.computeOperations.beginDeleteAndWait("models", "ws", "aks", "Detach", fast);
    await assert.rejects(ml.computeOperations.get("models", "ws", "aks"), {
      code: "ResourceNotFound",
    });
    assert.equal((await aks.managedClusters.get("models", "prod")).name, "prod");
  });

  it("ends an operation badly when told to, and takes the next attempt", async () => {
    const { aks } = connectClients(azure);
    const poller = aks.managedClusters.createOrUpdate("models", "prod", cluster, fast);
    await poller.submitted();
    azure.store.failRunning(clusterId, {
      status: 409,
      code: "SkuNotAvailable",
      message: "No machines are left in this region.",
    });
    await assert.rejects(poller.pollUntilDone(), /No machines are left/);
    assert.equal((await aks.managedClusters.get("models", "prod")).provisioningState, "Failed");
    const repaired = await aks.managedClusters.createOrUpdate("models", "prod", cluster, fast);
    assert.equal(repaired.provisioningState, "Succeeded");
  });

  it("gives the versions, sizes, regions and zones of a subscription", async () => {
    const { aks, call } = connectClients(azure);
    const versions = await aks.managedClusters.listKubernetesVersions("westeurope");
    assert.equal(versions.values?.find((each) => each.isDefault)?.version, "1.34");
    const skus = await call(
      "GET",
      `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=location%20eq%20'westus'`,
    );
    assert.partialDeepStrictEqual(skus.body, { value: [{ locationInfo: [{ zones: [] }] }] });
    const locations = await call(
      "GET",
      `/subscriptions/${SUBSCRIPTION}/locations?api-version=2022-12-01`,
    );
    assert.equal((locations.body as { value: unknown[] }).value.length, 6);
  });

  it("gives a token to whoever signs in with a client's secret", async () => {
    const credential = new ClientSecretCredential("tenant", "client", "made-up", {
      authorityHost: azure.endpoint,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: azure.certificatePem },
    });
    const aks = new ContainerServiceClient(credential, SUBSCRIPTION, {
      endpoint: azure.endpoint,
      tlsOptions: { ca: azure.certificatePem },
    });
    const names: string[] = [];
    for await (const each of aks.managedClusters.list()) names.push(each.name ?? "");
    assert.deepEqual(names, []);
  });

  for (const kind of faultKinds) {
    for (const moment of ["before", "after"] as const) {
      it(`strikes the chosen call once with ${kind}, ${moment} it is carried out`, async () => {
        const { call } = connectClients(azure);
        const write = () => call("PUT", `${groupId}/x?api-version=2021-04-01`, {}).catch(String);
        const url = `${clusterId}?api-version=2025-09-01`;
        azure.faults.set([{ kind, position: 2, moment }]);
        await call("GET", `${groupId}?api-version=2021-04-01`);
        await call("PUT", url, clusterBody()).catch(() => undefined);
        const expected = kind === "expired-token" || moment === "before" ? 0 : 1;
        assert.equal(
          azure.store.list("Microsoft.ContainerService/managedClusters").length,
          expected,
        );
        assert.equal(azure.faults.left, 0);
        assert.equal(azure.faults.calls[1]?.fault, kind);
        assert.notEqual(await write(), undefined);
        assert.equal(azure.faults.calls.length, 3);
      });
    }
  }
});

describe("The stand-in Azure's state", () => {
  it("survives a restart, work under way included", async () => {
    const folder = mkdtempSync(join(tmpdir(), "azure-state-"));
    const stateFile = join(folder, "state.json");
    try {
      const first = await startAzure({ stateFile });
      const before = connectClients(first);
      await createGroup(before);
      await before.call("PUT", `${clusterId}?api-version=2025-09-01`, clusterBody());
      await first.close();
      const second = await startAzure({ stateFile });
      const { aks } = connectClients(second);
      const found = await aks.managedClusters.get("models", "prod");
      assert.equal(found.provisioningState, "Creating");
      second.clock.advance(60);
      const done = await aks.managedClusters.get("models", "prod");
      assert.equal(done.provisioningState, "Succeeded");
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
