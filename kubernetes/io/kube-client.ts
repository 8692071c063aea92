// Reads, applies and deletes the objects of a cluster, with the credentials of a kubeconfig.
import { text } from "node:stream/consumers";
import { type ClusterIdentity } from "../core/cluster-identity";
import {
  describeObject,
  type KubeObject,
  locatorOf,
  type ObjectLocator,
} from "../core/kube-object";
import { collectionPath, objectPath } from "../core/object-path";
import { APPLY_PATCH, type ApiClient, type ApiRequest, createApiClient } from "./api-client";
import { answerError, isReason } from "./kube-error";
import { type KnownKubeConfig, readKubeConfig } from "./kube-config";
import { kubeconfigCredentials } from "./kubeconfig-credentials";

/** Field manager of our server-side applies: it owns every field that we declare. */
export const FIELD_MANAGER = "aml-inference";

/** Whether a field manager is ours. */
export function isOurs(manager: string): boolean {
  return manager === FIELD_MANAGER;
}

const REQUEST_TIMEOUT_MS = 20_000;

type Call = ApiRequest & { readonly attempt: string };

/** One client per kubeconfig: all resources of a run share its connections and credentials. */
const clients = new WeakMap<KnownKubeConfig, KubeClient>();

export class KubeClient {
  private constructor(
    readonly identity: ClusterIdentity,
    /** For other requests; it returns HTTP errors instead of throwing them. */
    readonly api: ApiClient,
  ) {}

  /** @throws Error with one sentence when the kubeconfig can't be used */
  static fromKubeConfig(text: string): KubeClient {
    const result = readKubeConfig(text);
    if (!result.ok) throw new Error(result.message);
    const existing = clients.get(result);
    if (existing !== undefined) return existing;
    const api = createApiClient(kubeconfigCredentials(result.identity.server, text));
    const client = new KubeClient(result.identity, api);
    clients.set(result, client);
    return client;
  }

  /** The live object; undefined when it or its kind doesn't exist. */
  async read<T extends KubeObject>(locator: ObjectLocator, name: string): Promise<T | undefined> {
    const attempt = `read ${describeObject(locator, name)}`;
    return this.orUndefined<T>({ method: "GET", path: objectPath(locator, name), attempt });
  }

  /** The objects that match the selectors; none when the kind doesn't exist. */
  async list<T extends KubeObject>(
    locator: ObjectLocator,
    selector: { readonly labels?: string; readonly fields?: string } = {},
  ): Promise<readonly T[]> {
    const { apiVersion, kind, namespace = "" } = locator;
    const found = await this.orUndefined<{ items: readonly T[] }>({
      method: "GET",
      path: collectionPath(locator),
      query: {
        ...(selector.labels === undefined ? {} : { labelSelector: selector.labels }),
        ...(selector.fields === undefined ? {} : { fieldSelector: selector.fields }),
      },
      attempt: `list the ${kind}s of namespace ${namespace}`,
    });
    // The API server leaves apiVersion and kind out of a list's items.
    return (found?.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Forced server-side apply: our field manager becomes the owner of every field in `object`. */
  async apply<T extends KubeObject>(object: T, mode: "persist" | "dryRun" = "persist"): Promise<T> {
    const [locator, { name }] = [locatorOf(object), object.metadata];
    return this.call<T>({
      method: "PATCH",
      path: objectPath(locator, name),
      query: {
        ...{ fieldManager: FIELD_MANAGER, force: "true" },
        ...(mode === "dryRun" ? { dryRun: "All" } : {}),
      },
      attempt: `apply ${describeObject(locator, name)}`,
      contentType: APPLY_PATCH,
      body: object,
    });
  }

  /** Creates an object that doesn't exist; `manager` becomes the owner of its fields. */
  async create<T extends KubeObject>(object: T, manager: string): Promise<T> {
    const locator = locatorOf(object);
    return this.call<T>({
      method: "POST",
      path: collectionPath(locator),
      query: { fieldManager: manager },
      attempt: `create ${describeObject(locator, object.metadata.name)}`,
      body: object,
    });
  }

  /** Merges the patch into the live object; undefined when the object doesn't exist. */
  async merge<T extends KubeObject>(
    locator: ObjectLocator,
    name: string,
    patch: unknown,
    manager = FIELD_MANAGER,
  ): Promise<T | undefined> {
    return this.orUndefined<T>({
      method: "PATCH",
      path: objectPath(locator, name),
      query: { fieldManager: manager },
      attempt: `change ${describeObject(locator, name)}`,
      contentType: "application/merge-patch+json",
      body: patch,
    });
  }

  /** Deletes the object and its dependents; false when it doesn't exist. */
  async remove(locator: ObjectLocator, name: string): Promise<boolean> {
    const removed = await this.orUndefined({
      method: "DELETE",
      path: objectPath(locator, name),
      attempt: `delete ${describeObject(locator, name)}`,
      body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Foreground" },
    });
    return removed !== undefined;
  }

  /** The last lines of a container's log or, with `previous`, of its previous run's. Empty when there is none. */
  async logTail(
    namespace: string,
    pod: string,
    container: string,
    { lines, previous }: { readonly lines: number; readonly previous: boolean },
  ): Promise<string> {
    try {
      const response = await this.api.stream({
        method: "GET",
        path: objectPath({ apiVersion: "v1", kind: "Pod", namespace }, pod, "log"),
        query: { container, tailLines: String(lines), previous: String(previous) },
        timeoutMs: REQUEST_TIMEOUT_MS,
      });
      const content = await text(response);
      return response.statusCode === 200 ? content : "";
    } catch {
      // A container that never started or is being replaced has no log.
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
    const { status, body } = await this.api.request({ timeoutMs: REQUEST_TIMEOUT_MS, ...call });
    if (status < 200 || status > 299) throw answerError(call.attempt, status, body);
    return body as T;
  }
}
