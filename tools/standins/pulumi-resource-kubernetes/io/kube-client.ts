/** Plain-JSON access to any kind of object through the Kubernetes API. */
import {
  createConfiguration,
  HttpMethod,
  type KubeConfig,
  ServerConfiguration,
} from "@kubernetes/client-node";
import { isRecord } from "../../property-value";
import { apiVersionOf, type KubeObject, kindOf, nameOf, namespaceOf } from "../core/kube-object";
import type { ManagedFields } from "../core/field-ownership";
import { KubeApiError, UnknownKindError } from "./kube-api-error";

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

/** One cluster, with the credentials of one kubeconfig. Every method throws KubeApiError. */
export class KubeClient {
  readonly #configuration;
  readonly #defaultNamespace: string;
  readonly #mappings = new Map<string, Promise<ReadonlyMap<string, KindMapping>>>();

  constructor(kubeConfig: KubeConfig, server: string, defaultNamespace: string) {
    this.#configuration = createConfiguration({
      baseServer: new ServerConfiguration(server, {}),
      authMethods: { default: kubeConfig },
    });
    this.#defaultNamespace = defaultNamespace;
  }

  /** The server's version; the cheapest way to see whether it answers. */
  async version(): Promise<KubeObject> {
    return this.#send(HttpMethod.GET, "/version");
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
    return this.#send(HttpMethod.GET, await this.#pathOf(object));
  }

  /** The pods of a namespace whose labels match all of these. */
  async listPods(namespace: string, labels: Record<string, unknown>): Promise<KubeObject[]> {
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
    const query = new URLSearchParams({ labelSelector: selector.join(",") });
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query.toString()}`;
    const list = await this.#send(HttpMethod.GET, path);
    return Array.isArray(list["items"]) ? list["items"].filter(isRecord) : [];
  }

  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.#collectionPathOf(object);
    return this.#send(HttpMethod.POST, path + queryOf(options), object);
  }

  /** Server-side apply. */
  async apply(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.#pathOf(object);
    // JSON is YAML, and an apply takes YAML.
    return this.#send(
      HttpMethod.PATCH,
      path + queryOf(options),
      object,
      "application/apply-patch+yaml",
    );
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
    return this.#send(
      HttpMethod.PATCH,
      await this.#pathOf(object),
      patch,
      "application/json-patch+json",
    );
  }

  async delete(object: KubeObject, propagationPolicy: string): Promise<void> {
    const options = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.#send(HttpMethod.DELETE, await this.#pathOf(object), options);
  }

  async #pathOf(object: KubeObject): Promise<string> {
    return `${await this.#collectionPathOf(object)}/${encodeURIComponent(nameOf(object))}`;
  }

  async #collectionPathOf(object: KubeObject): Promise<string> {
    const { plural, namespaced } = await this.mapping(object);
    const namespace = encodeURIComponent(namespaceOf(object) || this.#defaultNamespace);
    const scope = namespaced ? `/namespaces/${namespace}` : "";
    return `${groupPath(apiVersionOf(object))}${scope}/${plural}`;
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
    const list = await this.#send(HttpMethod.GET, groupPath(apiVersion)).catch((error: unknown) => {
      if (error instanceof KubeApiError && error.isNotFound) return { resources: [] };
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

  async #send(
    method: HttpMethod,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<KubeObject> {
    const request = this.#configuration.baseServer.makeRequestContext(path, method);
    request.setHeaderParam("Accept", "application/json");
    if (body !== undefined) {
      request.setHeaderParam("Content-Type", contentType);
      request.setBody(JSON.stringify(body));
    }
    let text: string;
    let httpStatus: number;
    try {
      await this.#configuration.authMethods.default?.applySecurityAuthentication(request);
      const response = await this.#configuration.httpApi.send(request).toPromise();
      text = await response.body.text();
      httpStatus = response.httpStatusCode;
    } catch (error) {
      throw KubeApiError.unreachable(error);
    }
    const answer = parse(text);
    if (httpStatus >= 300) throw KubeApiError.fromAnswer(httpStatus, answer, text);
    return answer ?? {};
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function queryOf({ fieldManager, force, dryRun }: WriteOptions): string {
  const query = new URLSearchParams({ fieldManager, fieldValidation: "Warn" });
  if (force !== undefined) query.set("force", String(force));
  if (dryRun) query.set("dryRun", "All");
  return `?${query.toString()}`;
}

function parse(text: string): KubeObject | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isRecord(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}
