// What a person would declare by hand: the objects of endpoints, and others, with @pulumi/kubernetes alone.
import { versionOf } from "../../tests/support/model-endpoints";

export interface PlainObjectsOptions {
  /** It exists already. */
  readonly namespace: string;
  /** Four objects each: Deployment, Service, NetworkPolicy and ModelEndpoint. */
  readonly endpoints: number;
  /** Further objects. */
  readonly others: number;
}

/** Text for the end of a program that has a `cluster`; nothing of it runs a pod or is served. */
export function plainObjects({ namespace, endpoints, others }: PlainObjectsOptions): string {
  return `
import * as k8s from "@pulumi/kubernetes";

const provider = new k8s.Provider("cluster", {
  kubeconfig: cluster.kubeconfig,
  enableServerSideApply: true,
});
export const { certificatePem } = certificate;
const annotations = { "pulumi.com/skipAwait": "true" };
const http = { path: "/", port: 5001 };

for (let index = 0; index < ${endpoints}; index++) {
  const name = \`plain-\${index}\`;
  const labels = { app: name };
  const metadata = { name, namespace: "${namespace}", labels, annotations };
  new k8s.core.v1.Service(
    name,
    { metadata, spec: { clusterIP: "None", selector: labels, ports: [{ name: "http", port: 5001 }] } },
    { provider },
  );
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "nowhere" } },
                podSelector: { matchLabels: { app: "router" } },
              },
            ],
            ports: [{ port: 5001 }],
          },
        ],
      },
    },
    { provider },
  );
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 92,
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                name: "model",
                image: "churn:1",
                imagePullPolicy: "IfNotPresent",
                ports: [{ name: "http", containerPort: 5001 }],
                env: [{ name: "SERVICE_NAME", value: name }],
                resources: { requests: { cpu: "100m", memory: "500M" } },
                startupProbe: { httpGet: http, periodSeconds: 1, failureThreshold: 340 },
                readinessProbe: { httpGet: http, periodSeconds: 5, timeoutSeconds: 5 },
                livenessProbe: { httpGet: http, initialDelaySeconds: 310 },
                lifecycle: { preStop: { sleep: { seconds: 62 } } },
              },
            ],
          },
        },
      },
    },
    { provider },
  );
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "aml-inference.io/v1",
      kind: "ModelEndpoint",
      metadata,
      spec: {
        routerNamespace: "nowhere",
        authentication: { mode: "None" },
        versions: [{ ...${JSON.stringify(versionOf("blue"))}, serviceName: name, deploymentName: name }],
      },
    },
    { provider },
  );
}

for (let index = 0; index < ${others}; index++) {
  const name = \`other-\${index}\`;
  const metadata = { name, namespace: "${namespace}" };
  new k8s.core.v1.ConfigMap(name, { metadata, data: { name } }, { provider });
}
`;
}
