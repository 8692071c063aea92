// What a ServiceAccount may do, tried with its own token.
import { readFile } from "node:fs/promises";
import { LEASE_NAME } from "../../contracts/pods/autoscaler-environment";
import { type ApiClient } from "../../kubernetes/io/api-client";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { readCredentials } from "../../kubernetes/io/kube-credentials";
import { requestToken } from "./autoscaler-process";
import { eventually } from "./eventually";
import { call, type TestCluster } from "./test-cluster";

/** A client with a token of the ServiceAccount. */
export async function openAccount(
  cluster: TestCluster,
  namespace: string,
  account: string,
): Promise<ApiClient> {
  const text = await readFile(cluster.kubeconfig, "utf8");
  const { ca } = await readCredentials(text);
  const token = await requestToken(cluster.client, namespace, account);
  const { server } = KubeClient.fromKubeConfig(text).identity;
  const authority = Buffer.from(String(ca)).toString("base64");
  return KubeClient.fromKubeConfig(
    JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server, "certificate-authority-data": authority } }],
      users: [{ name: "u", user: { token } }],
    }),
  ).api;
}

/**
 * Makes a Lease like an autoscaler's, and renews it: as a ServiceAccount of the namespace with this name and Kubernetes'
 * own role `edit`. Returns what ends that.
 */
export async function forgeLease(
  cluster: TestCluster,
  namespace: string,
  account: string,
): Promise<() => void> {
  const { client } = cluster;
  const apiGroup = "rbac.authorization.k8s.io";
  await call(client, "POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    metadata: { name: account },
  });
  await call(client, "POST", `/apis/${apiGroup}/v1/namespaces/${namespace}/rolebindings`, {
    metadata: { name: "tenant" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "edit" },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  });
  const tenant = await openAccount(cluster, namespace, account);
  const apiVersion = "coordination.k8s.io/v1";
  const lease = `/apis/${apiVersion}/namespaces/${namespace}/leases/${LEASE_NAME}`;
  const renew = () =>
    call(tenant, "PATCH", `${lease}?fieldManager=tenant&force=true`, {
      ...{ apiVersion, kind: "Lease", metadata: { name: LEASE_NAME } },
      spec: { holderIdentity: "tenant", renewTime: new Date().toISOString().replace("Z", "000Z") },
    }).catch(() => undefined);
  await eventually("the tenant may write Leases", renew);
  const timer = setInterval(() => void renew(), 1_000);
  return () => {
    clearInterval(timer);
    tenant.close();
  };
}
