// Reads, applies and deletes the objects of a cluster, with the credentials of a kubeconfig.
import { text } from "node:stream/consumers";
import { type ClusterIdentity } from "../core/cluster-identity";
import {
  describeObject,
  type KubeObject,
  locatorOf,
  type ObjectLocator,
} from "../core/kube-object";
import { systemClock } from "../../runtime/clock";
import { collectionPath, objectPath } from "../core/object-path";
import { APPLY_PATCH, type ApiClient, type ApiRequest, createApiClient } from "./api-client";
import { answerError, isReason, KubeError, transportCode } from "./kube-error";
import { type Attempted, type RetryOptions, Trouble, withRetries } from "./retries";
import { type KnownKubeConfig, readKubeConfig } from "./kube-config";
import { kubeconfigCredentials } from "./kubeconfig-credentials";

/** Field manager of our server-side applies: it owns every field that we declare. */
export const FIELD_MANAGER = "aml-inference";

/** Whether a field manager is ours. */
export function isOurs(manager: string): boolean {
  return manager === FIELD_MANAGER;
}

const REQUEST_TIMEOUT_MS = 20_000;

/** Environment variable: seconds for which requests of an update are repeated, 0 for never. Default 60. */
export const RETRY_SECONDS = "AML_INFERENCE_API_RETRY_SECONDS";
const DEFAULT_RETRY_SECONDS = 60;

/** Milliseconds for which requests of a preview are repeated: a cluster that is down is no error there. */
const PREVIEW_PATIENCE_MS = 5_000;

type Call = ApiRequest & { readonly attempt: string };

/** One client per kubeconfig: all resources of a run share its connections, credentials and troubles. */
const clients = new WeakMap<KnownKubeConfig, KubeClient>();

/**
 * Every request is idempotent, and repeated when it fails for a passing reason: by default for a minute
 * (`AML_INFERENCE_API_RETRY_SECONDS`).
 */
export class KubeClient {
  private constructor(
    readonly identity: ClusterIdentity,
    /** For other requests; it returns HTTP errors instead of throwing them, and repeats nothing. */
    readonly api: ApiClient,
    private readonly trouble: Trouble,
    private readonly retries: RetryOptions,
  ) {}

  /** @throws Error with one sentence when the kubeconfig can't be used */
  static fromKubeConfig(text: string): KubeClient {
    const result = readKubeConfig(text);
    if (!result.ok) throw new Error(result.message);
    const existing = clients.get(result);
    if (existing !== undefined) return existing;
    const api = createApiClient(kubeconfigCredentials(result.identity.server, text));
    const retries = { patienceMs: patienceMs(), clock: systemClock, print: console.log };
    const client = new KubeClient(
      result.identity,
      api,
      new Trouble(result.identity.server),
      retries,
    );
    clients.set(result, client);
    return client;
  }

  /** The same client for what a preview looks up: it gives up after 5 seconds. */
  forPreview(): KubeClient {
    const { identity, api, trouble, retries } = this;
    const hurried = Math.min(retries.patienceMs, PREVIEW_PATIENCE_MS);
    return new KubeClient(identity, api, trouble, { ...retries, patienceMs: hurried });
  }

  /** Milliseconds for which a request that failed for a passing reason is repeated. */
  get patienceMs(): number {
    return this.retries.patienceMs;
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

  /** Forced server-side apply: the field manager, by default ours, becomes the owner of every field in `object`. */
  async apply<T extends KubeObject>(
    object: T,
    mode: "persist" | "dryRun" = "persist",
    manager = FIELD_MANAGER,
  ): Promise<T> {
    const [locator, { name }] = [locatorOf(object), object.metadata];
    return this.call<T>({
      method: "PATCH",
      path: objectPath(locator, name),
      query: {
        ...{ fieldManager: manager, force: "true" },
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

  private call<T>(call: Call): Promise<T> {
    return withRetries(() => this.attempt<T>(call), this.trouble, this.retries);
  }

  private async attempt<T>(call: Call): Promise<Attempted<T>> {
    try {
      const answer = await this.api.request({ timeoutMs: REQUEST_TIMEOUT_MS, ...call });
      const { status, body, retryAfterMs } = answer;
      if (status >= 200 && status <= 299) return { ok: true, value: body as T };
      const error = answerError(call.attempt, status, body);
      return { ok: false, failure: { status, retryAfterMs }, error };
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      return { ok: false, failure: { code: transportCode(error) }, error };
    }
  }
}

function patienceMs(): number {
  const seconds = Number(process.env[RETRY_SECONDS] ?? DEFAULT_RETRY_SECONDS);
  return (Number.isFinite(seconds) ? Math.max(0, seconds) : DEFAULT_RETRY_SECONDS) * 1000;
}
