// The real autoscaler as a process on this machine, with exactly the rights that its pod gets.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CLUSTER_RULES,
  ENDPOINT_RULES,
  ENVIRONMENT,
  HEALTH_PATH,
  NAMESPACE_RULES,
  READY_PATH,
} from "../../contracts/pods/autoscaler-environment";
import type { ApiClient } from "../../kubernetes/io/api-client";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { readCredentials } from "../../kubernetes/io/kube-credentials";
import { SERVICE_ACCOUNT_DIRECTORY } from "../../kubernetes/io/pod-credentials";
import { projectRoot } from "../../tools/checkout";
import { eventually } from "./eventually";
import { freePort } from "./free-port";
import { makeAuthority, mountFiles, type SecretFiles } from "./internal-tls";
import { call, type TestCluster } from "./test-cluster";

export interface AutoscalerProcess {
  readonly samplesPort: number;
  readonly process: ChildProcess;
  /** What it logged. */
  readonly log: () => string;
}

/** A token of a ServiceAccount, for an audience and bound to a pod where given. */
export async function requestToken(
  client: ApiClient,
  namespace: string,
  serviceAccount: string,
  { audience, pod }: { audience?: string; pod?: { name: string; uid: string } } = {},
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const answer = await call(client, "POST", path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      ...(audience && { audiences: [audience] }),
      ...(pod && { boundObjectRef: { apiVersion: "v1", kind: "Pod", ...pod } }),
    },
  });
  return (answer as { readonly status: { readonly token: string } }).status.token;
}

/** The autoscaler's ServiceAccount with its rights; returns what its pod would find of it, and what removes all that. */
export async function grantRights(
  cluster: TestCluster,
  namespace: string,
): Promise<{
  environment: Readonly<Record<string, string>>;
  /** Files of the router's Secret. */
  routerFiles: SecretFiles;
  revoke(): Promise<void>;
}> {
  const { client } = cluster;
  const name = `autoscaler-${namespace}`;
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const own = `${rbac}/namespaces/${namespace}`;
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const apiGroup = "rbac.authorization.k8s.io";
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const metadata = { name };
  await call(client, "POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
  });
  const grants = [
    [`${rbac}/clusterroles`, { kind: "ClusterRole", rules: CLUSTER_RULES }],
    // The endpoints are in its own namespace.
    [`${own}/roles`, { kind: "Role", rules: [...NAMESPACE_RULES, ...ENDPOINT_RULES] }],
    [
      `${rbac}/clusterrolebindings`,
      { kind: "ClusterRoleBinding", subjects, roleRef: { apiGroup, kind: "ClusterRole", name } },
    ],
    [
      `${own}/rolebindings`,
      { kind: "RoleBinding", subjects, roleRef: { apiGroup, kind: "Role", name } },
    ],
  ] as const;
  for (const [path, body] of grants) {
    await call(client, "POST", path, { apiVersion, metadata, ...body });
  }
  const folder = mkdtempSync(join(tmpdir(), "autoscaler-"));
  writeFileSync(join(folder, "token"), await requestToken(client, namespace, name), {
    mode: 0o600,
  });
  const administrator = readFileSync(cluster.kubeconfig, "utf8");
  const { ca } = await readCredentials(administrator);
  writeFileSync(join(folder, "ca.crt"), String(ca));
  const authority = await makeAuthority();
  const internalTls = join(folder, "internal-tls");
  mkdirSync(internalTls);
  mountFiles(internalTls, await authority.autoscaler(namespace));
  const { hostname, port } = new URL(KubeClient.fromKubeConfig(administrator).identity.server);
  return {
    environment: {
      KUBERNETES_SERVICE_HOST: hostname.replace(/^\[|\]$/g, ""),
      KUBERNETES_SERVICE_PORT: port || "443",
      [SERVICE_ACCOUNT_DIRECTORY]: folder,
      [ENVIRONMENT.internalTlsDirectory]: internalTls,
    },
    routerFiles: await authority.router(namespace),
    async revoke() {
      await call(client, "DELETE", `${rbac}/clusterrolebindings/${name}`);
      await call(client, "DELETE", `${rbac}/clusterroles/${name}`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts it and waits until it is ready. */
export async function startAutoscaler(
  podName: string,
  namespace: string,
  environment: Readonly<Record<string, string>>,
  holdMs: number,
): Promise<AutoscalerProcess> {
  const samplesPort = await freePort();
  const healthPort = await freePort();
  const child = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "serving/autoscaler/main.ts"],
    {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        PATH: process.env["PATH"],
        ...environment,
        [ENVIRONMENT.podName]: podName,
        [ENVIRONMENT.podNamespace]: namespace,
        [ENVIRONMENT.endpointNamespace]: namespace,
        [ENVIRONMENT.routerSelector]: "app=router",
        [ENVIRONMENT.routerServiceAccount]: "router",
        [ENVIRONMENT.holdMs]: String(holdMs),
        [ENVIRONMENT.samplesPort]: String(samplesPort),
        [ENVIRONMENT.healthPort]: String(healthPort),
      },
    },
  );
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (log += text));
  await eventually(`${podName} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${podName} ended: ${log}`);
    const answers = [HEALTH_PATH, READY_PATH].map((path) =>
      fetch(`http://127.0.0.1:${healthPort}${path}`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return (await Promise.all(answers)).every(Boolean);
  });
  return { samplesPort, process: child, log: () => log };
}

/** Ends it by a signal and returns its exit code. */
export async function endAutoscaler(
  { process: child }: AutoscalerProcess,
  signal: "SIGTERM" | "SIGKILL",
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
  return child.exitCode;
}
