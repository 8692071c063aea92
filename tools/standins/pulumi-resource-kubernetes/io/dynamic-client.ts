/** Any kind of object through the Kubernetes API: the server itself says how its kinds are reached. */
import { APPLY_PATCH, type ApiClient, type ApiRequest } from "../../../../kubernetes/io/api-client";
import { apiPath, resourcePath } from "../../../../kubernetes/core/object-path";
import { answerError, isReason } from "../../../../kubernetes/io/kube-error";
import { isRecord } from "../../property-value";
import { apiVersionOf, type KubeObject, kindOf, nameOf, namespaceOf } from "../core/kube-object";
import type { ManagedFields } from "../core/field-ownership";
import { UnknownKindError } from "./unknown-kind-error";

/** As long as the API server gives a request itself. */
const TIMEOUT_MS = 60_000;

/** How a kind is reached. */
export interface KindMapping {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** How a write is made. */
export interface WriteOptions {
  readonly fieldManager: string;
  /** Take over fields that other managers own. */
  readonly force?: boolean;
  /** Have the server say what would come of it, and change nothing. */
  readonly dryRun: boolean;
}

/** One cluster. Every method throws KubeError, whose `detail` is the server's own sentence. */
export class DynamicClient {
  readonly #api: ApiClient;
  readonly #defaultNamespace: string;
  readonly #mappings = new Map<string, Promise<ReadonlyMap<string, KindMapping>>>();

  constructor(api: ApiClient, defaultNamespace: string) {
    this.#api = api;
    this.#defaultNamespace = defaultNamespace;
  }

  /** The server's version; the cheapest way to see whether it answers. */
  async version(): Promise<KubeObject> {
    return this.#send({ method: "GET", path: "/version" });
  }

  /** How to reach the object's kind. Throws UnknownKindError when the server has no such kind. */
  async mapping(object: KubeObject): Promise<KindMapping> {
    const apiVersion = apiVersionOf(object);
    const kinds = await this.#kindsOf(apiVersion);
    const mapping = kinds.get(kindOf(object));
    if (mapping) return mapping;
    // The kind may have come since: a definition is often created just before its resources.
    this.#mappings.delete(apiVersion);
    const fresh = (await this.#kindsOf(apiVersion)).get(kindOf(object));
    if (fresh) return fresh;
    throw new UnknownKindError(apiVersion, kindOf(object));
  }

  async get(object: KubeObject): Promise<KubeObject> {
    return this.#send({ method: "GET", path: await this.#pathOf(object) });
  }

  /** The pods of a namespace whose labels match all of these. */
  async listPods(namespace: string, labels: Record<string, unknown>): Promise<KubeObject[]> {
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
    const path = resourcePath("v1", "pods", namespace);
    const query = { labelSelector: selector.join(",") };
    const list = await this.#send({ method: "GET", path, query });
    return Array.isArray(list["items"]) ? list["items"].filter(isRecord) : [];
  }

  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.#collectionPathOf(object);
    return this.#send({ method: "POST", path, query: queryOf(options), body: object });
  }

  /** Server-side apply. */
  async apply(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    return this.#send({
      method: "PATCH",
      path: await this.#pathOf(object),
      query: queryOf(options),
      body: object,
      contentType: APPLY_PATCH,
    });
  }

  /** Writes the record of who owns which field, unless the object has changed meanwhile. */
  async replaceManagedFields(
    object: KubeObject,
    entries: readonly ManagedFields[],
    resourceVersion: unknown,
  ): Promise<KubeObject> {
    const patch = [
      { op: "replace", path: "/metadata/managedFields", value: entries },
      { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ];
    return this.#send({
      method: "PATCH",
      path: await this.#pathOf(object),
      body: patch,
      contentType: "application/json-patch+json",
    });
  }

  async delete(object: KubeObject, propagationPolicy: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.#send({ method: "DELETE", path: await this.#pathOf(object), body });
  }

  async #pathOf(object: KubeObject): Promise<string> {
    return `${await this.#collectionPathOf(object)}/${encodeURIComponent(nameOf(object))}`;
  }

  async #collectionPathOf(object: KubeObject): Promise<string> {
    const { plural, namespaced } = await this.mapping(object);
    const namespace = namespaced ? namespaceOf(object) || this.#defaultNamespace : undefined;
    return resourcePath(apiVersionOf(object), plural, namespace);
  }

  #kindsOf(apiVersion: string): Promise<ReadonlyMap<string, KindMapping>> {
    const known = this.#mappings.get(apiVersion);
    if (known) return known;
    const kinds = this.#discover(apiVersion);
    this.#mappings.set(apiVersion, kinds);
    kinds.catch(() => this.#mappings.delete(apiVersion));
    return kinds;
  }

  async #discover(apiVersion: string): Promise<ReadonlyMap<string, KindMapping>> {
    const request = { method: "GET", path: apiPath(apiVersion) } as const;
    const list = await this.#send(request).catch((error: unknown) => {
      if (isReason(error, "NotFound")) return { resources: [] };
      throw error;
    });
    const kinds = new Map<string, KindMapping>();
    for (const resource of Array.isArray(list.resources) ? list.resources : []) {
      if (!isRecord(resource)) continue;
      const { kind, name, namespaced } = resource;
      // A name with a slash is a subresource, such as `deployments/scale`.
      if (typeof kind !== "string" || typeof name !== "string" || name.includes("/")) continue;
      kinds.set(kind, { plural: name, namespaced: namespaced === true });
    }
    return kinds;
  }

  async #send(request: ApiRequest): Promise<KubeObject> {
    const { status, body } = await this.#api.request({ timeoutMs: TIMEOUT_MS, ...request });
    if (status < 200 || status > 299) {
      throw answerError(`${request.method} ${request.path}`, status, body);
    }
    return isRecord(body) ? body : {};
  }
}

function queryOf({ fieldManager, force, dryRun }: WriteOptions): Record<string, string> {
  return {
    ...{ fieldManager, fieldValidation: "Warn" },
    ...(force === undefined ? {} : { force: String(force) }),
    ...(dryRun ? { dryRun: "All" } : {}),
  };
}
