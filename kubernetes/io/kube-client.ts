// Speaks JSON with a Kubernetes API server, with the credentials of a kubeconfig.
import { Agent, type RequestOptions, request } from "node:https";
import { type ClusterIdentity } from "../core/cluster-identity";
import { type KubeObject, objectKey } from "../core/kube-object";
import { answerError, isReason, transportError } from "./kube-error";
import { type KnownKubeConfig, readKubeConfig } from "./kube-config";
import { readCredentials } from "./kube-credentials";

/** Owner of every field that we declare, in server-side apply's books. */
export const FIELD_MANAGER = "aml-inference";

const REQUEST_TIMEOUT_MS = 20_000;
/** Plugins of a kubeconfig hand out tokens that live minutes; asked again this often. */
const CREDENTIALS_MS = 60_000;

/** Path segments of the kinds that we touch. */
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  Deployment: "deployments",
  Event: "events",
  ModelEndpoint: "modelendpoints",
  Namespace: "namespaces",
  Pod: "pods",
  ReplicaSet: "replicasets",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
};

/** A kind and where its objects live. */
export interface ObjectLocator {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
}

interface Call {
  readonly method: string;
  readonly path: string;
  /** For the error: "read Deployment/x in namespace y". */
  readonly attempt: string;
  readonly contentType?: string;
  readonly body?: unknown;
}

/** One per kubeconfig, whose connections and credentials all resources of a run share. */
const clients = new WeakMap<KnownKubeConfig, KubeClient>();

export class KubeClient {
  private credentials:
    { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;

  private constructor(private readonly config: KnownKubeConfig) {}

  get identity(): ClusterIdentity {
    return this.config.identity;
  }

  /** @throws Error with one sentence when the kubeconfig can't be used */
  static fromKubeConfig(text: string): KubeClient {
    const result = readKubeConfig(text);
    if (!result.ok) throw new Error(result.message);
    const client = clients.get(result) ?? new KubeClient(result);
    clients.set(result, client);
    return client;
  }

  /** The live object, or undefined when it (or its kind) is not there. */
  async read<T extends KubeObject>(place: ObjectLocator, name: string): Promise<T | undefined> {
    const attempt = `read ${describe(place, name)}`;
    return this.orUndefined<T>({ method: "GET", path: objectPath(place, name), attempt });
  }

  /** The objects that match; none when the kind is not there. */
  async list<T extends KubeObject>(
    place: ObjectLocator,
    selector: { readonly labels?: string; readonly fields?: string } = {},
  ): Promise<readonly T[]> {
    const query = new URLSearchParams();
    if (selector.labels !== undefined) query.set("labelSelector", selector.labels);
    if (selector.fields !== undefined) query.set("fieldSelector", selector.fields);
    const path = `${collectionPath(place)}?${query.toString()}`;
    const attempt = `list the ${place.kind}s of namespace ${place.namespace ?? ""}`;
    const found = await this.orUndefined<{ items: readonly T[] }>({ method: "GET", path, attempt });
    // Items of a list come without apiVersion and kind.
    const { apiVersion, kind } = place;
    return (found?.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Server-side apply with our field manager and force: what we declare is ours. */
  async apply<T extends KubeObject>(object: T, mode: "persist" | "dryRun" = "persist"): Promise<T> {
    const query = new URLSearchParams({ fieldManager: FIELD_MANAGER, force: "true" });
    if (mode === "dryRun") query.set("dryRun", "All");
    return this.call<T>({
      method: "PATCH",
      path: `${objectPath(locatorOf(object), object.metadata.name)}?${query.toString()}`,
      attempt: `apply ${describe(locatorOf(object), object.metadata.name)}`,
      contentType: "application/apply-patch+yaml",
      body: object,
    });
  }

  /** Merges the patch into the live object; undefined when it is not there. */
  async merge<T extends KubeObject>(
    place: ObjectLocator,
    name: string,
    patch: unknown,
  ): Promise<T | undefined> {
    return this.orUndefined<T>({
      method: "PATCH",
      path: `${objectPath(place, name)}?fieldManager=${FIELD_MANAGER}`,
      attempt: `change ${describe(place, name)}`,
      contentType: "application/merge-patch+json",
      body: patch,
    });
  }

  /** Deletes the object and what it owns; false when it is already gone. */
  async remove(place: ObjectLocator, name: string): Promise<boolean> {
    const removed = await this.orUndefined({
      method: "DELETE",
      path: objectPath(place, name),
      attempt: `delete ${describe(place, name)}`,
      body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Foreground" },
    });
    return removed !== undefined;
  }

  /** The last lines of a container's log; of its former run when `previous`. Empty when there is none. */
  async logTail(
    namespace: string,
    pod: string,
    container: string,
    { lines, previous }: { readonly lines: number; readonly previous: boolean },
  ): Promise<string> {
    const place = { apiVersion: "v1", kind: "Pod", namespace };
    const query = new URLSearchParams({
      container,
      tailLines: String(lines),
      previous: String(previous),
    });
    const path = `${objectPath(place, pod)}/log?${query.toString()}`;
    const attempt = `read the log of ${describe(place, pod)}`;
    try {
      return await this.send({ method: "GET", path, attempt });
    } catch {
      // A container that was never started, or is being replaced, has no log: the caller explains without it.
      return "";
    }
  }

  private async orUndefined<T>(call: Call): Promise<T | undefined> {
    try {
      return await this.call<T>(call);
    } catch (error) {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    }
  }

  private async call<T>(call: Call): Promise<T> {
    const answer = await this.send({ contentType: "application/json", ...call });
    return JSON.parse(answer) as T;
  }

  private async send(call: Call): Promise<string> {
    const { server } = this.identity;
    const options = await this.options(call);
    // Objects of API calls only; a base path of the server (Rancher, proxies) stays in front.
    const url = new URL(server.replace(/\/$/, "") + call.path);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const { status, text } = await new Promise<{ status: number; text: string }>(
      (resolve, reject) => {
        const outgoing = request(url, { ...options, method: call.method }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            resolve({
              status: incoming.statusCode ?? 0,
              text: Buffer.concat(chunks).toString("utf8"),
            });
          });
        });
        outgoing.setTimeout(REQUEST_TIMEOUT_MS, () => {
          outgoing.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_MS / 1000} s`));
        });
        outgoing.on("error", reject);
        if (body !== undefined) {
          outgoing.setHeader("content-type", call.contentType ?? "application/json");
          // Node sends no length with a DELETE by itself.
          outgoing.setHeader("content-length", Buffer.byteLength(body));
        }
        outgoing.end(body);
      },
    ).catch((cause: unknown) => {
      throw transportError(call.attempt, server, cause);
    });
    if (status < 200 || status > 299) throw answerError(call.attempt, status, text);
    return text;
  }

  /** Calls at the same time share one answer: the kubeconfig's own plugin may be run for it. */
  private options(call: Call): Promise<RequestOptions> {
    const now = performance.now();
    if (this.credentials === undefined || now >= this.credentials.until) {
      const credentials = { options: this.readCredentials(call), until: now + CREDENTIALS_MS };
      this.credentials = credentials;
      credentials.options.catch(() => {
        if (this.credentials === credentials) this.credentials = undefined;
      });
    }
    return this.credentials.options;
  }

  private async readCredentials(call: Call): Promise<RequestOptions> {
    const options = await readCredentials(this.config.text).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Can't ${call.attempt}: the kubeconfig yields no credentials: ${why}`, {
        cause,
      });
    });
    if (this.config.proxyUrl === undefined) {
      const { ca, cert, key, pfx, passphrase, servername } = options;
      const tls = { ca, cert, key, pfx, passphrase, servername };
      options.agent = new Agent({ ...tls, keepAlive: true, rejectUnauthorized: true });
    }
    return options;
  }
}

/** The kind and namespace of an object. */
export function locatorOf({ apiVersion, kind, metadata }: KubeObject): ObjectLocator {
  return { apiVersion, kind, namespace: metadata.namespace };
}

function describe(place: ObjectLocator, name: string): string {
  const key = objectKey({ ...place, metadata: { name, namespace: place.namespace ?? "" } });
  return place.namespace === undefined ? key : `${key} in namespace ${place.namespace}`;
}

function collectionPath({ apiVersion, kind, namespace }: ObjectLocator): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`Kind ${kind} has no path here`);
  const root = apiVersion.includes("/") ? "apis" : "api";
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/${root}/${apiVersion}${scope}/${plural}`;
}

function objectPath(place: ObjectLocator, name: string): string {
  return `${collectionPath(place)}/${encodeURIComponent(name)}`;
}
