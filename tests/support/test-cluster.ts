// The cluster that feature tests use, with our custom resource in it, and namespaces of a test's own.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  APPLY_PATCH,
  type ApiClient,
  type ApiRequest,
  type ApiResponse,
  describeFailure,
} from "../../kubernetes/io/api-client";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { CUSTOM_RESOURCE_DEFINITION } from "../../contracts/model-endpoint/custom-resource-definition";
import { clusterDown, clusterStatus, clusterUp, provideImages } from "../../tools/cluster";
import { eventually } from "./eventually";

export interface TestCluster {
  /** Path of a kubeconfig with administrator's rights. */
  readonly kubeconfig: string;
  readonly client: ApiClient;
}

/** Milliseconds that the cluster and its images may take, on a machine that has neither. */
export const TEST_CLUSTER_TIMEOUT_MS = 900_000;

let cluster: Promise<TestCluster> | undefined;
let broughtUp = false;

// Of the whole run: a cluster that was there before it stays.
after(async () => {
  if (broughtUp) await clusterDown(() => undefined);
});

/** The cluster, made ready once per test run. */
export function testCluster(): Promise<TestCluster> {
  cluster ??= prepare();
  return cluster;
}

async function prepare(): Promise<TestCluster> {
  broughtUp = (await clusterStatus()).state === "absent";
  const { kubeconfig } = await clusterUp(() => undefined);
  await provideImages(() => undefined);
  const client = readingAgain(KubeClient.fromKubeConfig(await readFile(kubeconfig, "utf8")).api);
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${CUSTOM_RESOURCE_DEFINITION.metadata.name}`;
  await call(client, "PATCH", `${path}?fieldManager=tests&force=true`, CUSTOM_RESOURCE_DEFINITION);
  await eventually("the custom resource is served", async () => {
    const definition = (await call(client, "GET", path)) as {
      status?: { conditions?: { type: string; status: string }[] };
    };
    return definition.status?.conditions?.some(
      ({ type, status }) => type === "Established" && status === "True",
    );
  });
  return { kubeconfig, client };
}

/** An API server ends connections while a definition changes: a test's look at the cluster outlasts that. */
function readingAgain(client: ApiClient): ApiClient {
  const request = async (options: ApiRequest): Promise<ApiResponse> => {
    for (let left = 20; ; left--) {
      try {
        return await client.request(options);
      } catch (error) {
        if (options.method !== "GET" || left === 0) throw error;
        await sleep(250);
      }
    }
  };
  return { ...client, request };
}

/** Asks the API server (PATCH: applies server-side) and returns its answer; throws its sentence when it refuses. */
export async function call(
  client: ApiClient,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await client.request({
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...(method === "PATCH" ? { contentType: APPLY_PATCH } : {}),
  });
  if (response.status >= 300) throw new Error(`${method} ${path}: ${describeFailure(response)}`);
  return response.body;
}

/** Makes a namespace of its own; delete it afterwards with deleteNamespace(). */
export async function createNamespace(client: ApiClient, prefix: string): Promise<string> {
  const name = `${prefix}-${randomBytes(3).toString("hex")}`;
  await call(client, "POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  });
  return name;
}

/** Begins the deletion; what is in it goes with it. */
export async function deleteNamespace(client: ApiClient, name: string): Promise<void> {
  await call(client, "DELETE", `/api/v1/namespaces/${name}`);
}
