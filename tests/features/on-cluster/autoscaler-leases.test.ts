// Which autoscaler looks after endpoints that name no router, beside tenants who may write Leases in their namespaces.
import assert from "node:assert/strict";
import { LEASE_NAME } from "../../../contracts/pods/autoscaler-environment";
import { AUTOSCALER_NAME } from "../../../contracts/pods/pod-defaults";
import {
  API_VERSION,
  type ModelEndpoint,
  PLURAL,
} from "../../../contracts/model-endpoint/model-endpoint";
import { type ApiClient, createApiClient } from "../../../kubernetes/io/api-client";
import { podCredentials } from "../../../kubernetes/io/pod-credentials";
import { reviewScaler } from "../../../serving/autoscaler/leadership/io/review-scalers";
import { forgeLease } from "../../support/account-client";
import {
  type AutoscalerProcess,
  endAutoscaler,
  grantRights,
  startAutoscaler,
} from "../../support/autoscaler-process";
import { eventually } from "../../support/eventually";
import { endpointOf } from "../../support/model-endpoints";
import {
  call,
  createNamespace,
  deleteNamespace,
  TEST_CLUSTER_TIMEOUT_MS,
  type TestCluster,
  testCluster,
} from "../../support/test-cluster";

describe("An autoscaler beside Leases of its election's name", () => {
  let cluster: TestCluster;
  let namespace: string;
  /** Of a tenant with Kubernetes' own role `edit`. */
  let tenant: string;
  let rights: Awaited<ReturnType<typeof grantRights>>;
  let own: ApiClient;
  let stopRenewing: () => void;
  let autoscaler: AutoscalerProcess;

  before(async function () {
    this.timeout(TEST_CLUSTER_TIMEOUT_MS);
    cluster = await testCluster();
    tenant = await createNamespace(cluster.client, "leases-tenant");
    namespace = await createNamespace(cluster.client, "leases");
    // Before the autoscaler's own: the elder one.
    stopRenewing = await forgeLease(cluster, tenant, AUTOSCALER_NAME);
    rights = await grantRights(cluster, namespace);
    own = createApiClient(podCredentials(rights.environment));
    autoscaler = await startAutoscaler("autoscaler", namespace, rights.environment, 1_000);
  });
  after(async () => {
    stopRenewing?.();
    if (autoscaler !== undefined) await endAutoscaler(autoscaler, "SIGKILL");
    own?.close();
    await rights?.revoke();
    for (const each of [namespace, tenant]) await deleteNamespace(cluster.client, each);
  });

  it("may see the Leases of other routers' autoscalers, and no others", async () => {
    const statusOf = async (query: Readonly<Record<string, string>>) => {
      const path = "/apis/coordination.k8s.io/v1/leases";
      return (await own.request({ method: "GET", path, query })).status;
    };
    assert.equal(await statusOf({ fieldSelector: `metadata.name=${LEASE_NAME}` }), 200);
    assert.equal(await statusOf({}), 403);
  });

  it("looks after endpoints that name no router, though a tenant's Lease is the elder one", async () => {
    const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}`;
    const unnamed = endpointOf({}, { name: namespace, namespace });
    await call(cluster.client, "POST", path, unnamed);
    const conditions = await eventually("the autoscaler writes its status", async () => {
      const found = (await call(cluster.client, "GET", `${path}/${namespace}`)) as ModelEndpoint;
      return found.status?.conditions;
    });
    assert.ok(!JSON.stringify(conditions).includes(tenant));
  });

  it("knows an autoscaler of another namespace by its rights, which the tenant's account lacks", async () => {
    assert.equal(await reviewScaler(own, tenant), false);
    const apiGroup = "rbac.authorization.k8s.io";
    const bindings = `/apis/${apiGroup}/v1/clusterrolebindings`;
    const name = `elder-${namespace}`;
    await call(cluster.client, "POST", bindings, {
      metadata: { name },
      roleRef: { apiGroup, kind: "ClusterRole", name: `autoscaler-${namespace}` },
      subjects: [{ kind: "ServiceAccount", name: AUTOSCALER_NAME, namespace: "elder" }],
    });
    await eventually("it counts", () => reviewScaler(own, "elder"));
    await call(cluster.client, "DELETE", `${bindings}/${name}`);
  });
});
