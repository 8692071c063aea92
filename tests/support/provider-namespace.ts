// A namespace in which the provider's tests deploy: with the rights of router and autoscaler, and models to route to.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type KubeObject } from "../../kubernetes/core/kube-object";
import { KubeClient } from "../../kubernetes/io/kube-client";
import * as autoscaler from "../../contracts/pods/autoscaler-environment";
import { internalTlsSecrets } from "./internal-tls";
import { describeFailure } from "../../kubernetes/io/api-client";
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import * as router from "../../contracts/pods/router-environment";
import { type DeclaredResource } from "./declared-stack";
import { versionOf } from "./model-endpoints";
import { call, createNamespace, deleteNamespace, testCluster } from "./test-cluster";

export interface ProviderNamespace {
  readonly name: string;
  /** Text of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly client: KubeClient;
  /** Asks the API server; PATCH applies server-side as another field manager. */
  readonly ask: (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ) => Promise<unknown>;
  /** Merges into an object what somebody with kubectl would change. */
  edit(path: string, patch: unknown): Promise<void>;
  /** Objects of the namespace that carry our label, as `<Kind>/<name>`, sorted. */
  ownedObjects(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const SAMPLES_SERVICE = "samples";

export async function openProviderNamespace(): Promise<ProviderNamespace> {
  const cluster = await testCluster();
  const name = await createNamespace(cluster.client, "provider");
  const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
  const client = KubeClient.fromKubeConfig(kubeconfig);
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const rules = [
    ...autoscaler.CLUSTER_RULES,
    ...autoscaler.ENDPOINT_RULES,
    ...autoscaler.NAMESPACE_RULES,
    ...router.CLUSTER_RULES,
    ...router.ENDPOINT_RULES,
    ...router.NAMESPACE_RULES,
  ];
  await call(cluster.client, "POST", `${rbac}/clusterroles`, { metadata: { name }, rules });
  await call(cluster.client, "POST", `${rbac}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name: "default", namespace: name }],
  });
  await call(cluster.client, "POST", `/api/v1/namespaces/${name}/services`, {
    metadata: { name: SAMPLES_SERVICE },
    spec: {
      clusterIP: "None",
      selector: { "app.kubernetes.io/name": "aml-inference-autoscaler" },
      ports: [{ name: "samples", port: 9443 }],
    },
  });
  for (const secret of await internalTlsSecrets(name)) {
    await call(cluster.client, "POST", `/api/v1/namespaces/${name}/secrets`, secret);
  }
  return {
    name,
    kubeconfig,
    client,
    ask: (method, path, body) => call(cluster.client, method, path, body),
    edit: async (path, body) => {
      const contentType = "application/merge-patch+json";
      const answer = await cluster.client.request({ method: "PATCH", path, body, contentType });
      assert.ok(answer.status < 300, describeFailure(answer));
    },
    ownedObjects: async () => {
      const labels = "app.kubernetes.io/managed-by=aml-inference";
      const lists = await Promise.all(
        OWNED_KINDS.map(([apiVersion, kind]) =>
          client.list<KubeObject>({ apiVersion, kind, namespace: name }, { labels }),
        ),
      );
      return lists
        .flat()
        .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
        .sort();
    },
    close: async () => {
      await call(cluster.client, "DELETE", `${rbac}/clusterrolebindings/${name}`);
      await call(cluster.client, "DELETE", `${rbac}/clusterroles/${name}`);
      await deleteNamespace(cluster.client, name);
    },
  };
}

const OWNED_KINDS = [
  ["v1", "ConfigMap"],
  ["apps/v1", "Deployment"],
  ["aml-inference.io/v1", "ModelEndpoint"],
] as const;

/** Small requests: several stories share one small machine. */
const SMALL = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "512Mi" } };

export function autoscalerIn(
  namespace: string,
  args: Readonly<Record<string, unknown>> = {},
): DeclaredResource {
  return {
    type: "AutoscalerDeployment",
    args: {
      namespace,
      serviceAccountName: "default",
      routerName: "aml-inference-router",
      routerServiceAccountName: "default",
      replicas: 1,
      resources: SMALL,
      ...args,
    },
  };
}

export function routerIn(
  namespace: string,
  args: Readonly<Record<string, unknown>> = {},
): DeclaredResource {
  return {
    type: "RouterDeployment",
    args: {
      namespace,
      serviceAccountName: "default",
      autoscalerServiceName: SAMPLES_SERVICE,
      agentResources: SMALL,
      haproxyResources: SMALL,
      ...args,
    },
  };
}

/** The endpoint called like its namespace (names are the cluster's) with one version, whose revision is the given text. */
export function routeIn(
  namespace: string,
  {
    revision = "1",
    ...args
  }: { readonly revision?: string; readonly [name: string]: unknown } = {},
): DeclaredResource {
  const blue = versionOf("blue", { serviceName: "churn-blue", deploymentName: "churn-blue" });
  return {
    type: "EndpointRoute",
    args: {
      namespace,
      endpointName: namespace,
      spec: { authentication: { mode: "None" }, versions: [blue] },
      revisions: { blue: revision },
      ...args,
    },
  };
}

const SERVE = `require("node:http").createServer((request, response) => response.end("[1]")).listen(5001)`;

/** Applies the version's Deployment and Service, as @pulumi/kubernetes would for the component. */
export async function applyModel(
  { ask, name: namespace }: ProviderNamespace,
  container: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const name = "churn-blue";
  const labels = { [ENDPOINT_LABEL]: namespace, [VERSION_LABEL]: "blue" };
  const manager = "fieldManager=model&force=true";
  await ask("PATCH", `/api/v1/namespaces/${namespace}/services/${name}?${manager}`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels },
    spec: { clusterIP: "None", selector: labels, ports: [{ name: "http", port: 5001 }] },
  });
  await ask("PATCH", `/apis/apps/v1/namespaces/${namespace}/deployments/${name}?${manager}`, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels, annotations: { "aml-inference.io/scale-mode": "fixed" } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: "model",
              image: "node:24",
              imagePullPolicy: "IfNotPresent",
              command: ["node", "-e", SERVE],
              ports: [{ containerPort: 5001 }],
              readinessProbe: { httpGet: { path: "/", port: 5001 }, periodSeconds: 1 },
              ...container,
            },
          ],
        },
      },
    },
  });
}
