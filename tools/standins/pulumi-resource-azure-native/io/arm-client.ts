/** Calls to Resource Manager with the retries and the polling of the vendor's plugin. */
import { setTimeout as sleep } from "node:timers/promises";
import { type PropertyMap } from "../../property-value";
import { ArmCallError, errorOf, type RawAnswer, send } from "./https-call";

/** Where Azure is and who calls. */
export interface AzureAccess {
  /** `https://management.azure.com`, or a stand-in. */
  readonly endpoint: string;
  /** Gives a token that is valid for a while. */
  readonly getToken: () => Promise<string>;
  /** Authority of the server's certificate, beside those that Node trusts; unset: none. */
  readonly certificatePem?: string;
}

// azcore's policy.RetryOptions: these statuses and every broken connection, three times more.
const RETRIED = [408, 429, 500, 502, 503, 504];
const RETRIES = 3;
const FIRST_DELAY_MS = 20;

export class ArmClient {
  constructor(
    private readonly access: AzureAccess,
    private readonly signal: AbortSignal,
  ) {}

  /** The token that calls go out with. */
  getToken(): Promise<string> {
    return this.access.getToken();
  }

  /** The body; undefined when there is no such resource. */
  async get(id: string, apiVersion: string): Promise<PropertyMap | undefined> {
    try {
      return (await this.#call("GET", `${id}?api-version=${apiVersion}`)).body;
    } catch (error) {
      if (error instanceof ArmCallError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Writes a resource. `accepted` is called once Azure has taken the work on, before it ends. */
  async put(
    id: string,
    apiVersion: string,
    body: PropertyMap,
    accepted: () => void,
  ): Promise<PropertyMap> {
    const first = await this.#call("PUT", `${id}?api-version=${apiVersion}`, body);
    accepted();
    if (!(await this.#follow(first))) return first.body;
    return (await this.get(id, apiVersion)) ?? {};
  }

  /** What is not there is deleted. */
  async delete(id: string, apiVersion: string): Promise<void> {
    try {
      await this.#follow(await this.#call("DELETE", `${id}?api-version=${apiVersion}`));
    } catch (error) {
      if (!(error instanceof ArmCallError && error.status === 404)) throw error;
    }
  }

  async post(path: string, apiVersion: string): Promise<PropertyMap> {
    return (await this.#call("POST", `${path}?api-version=${apiVersion}`)).body;
  }

  /** Waits for a long operation; says whether there was one. */
  async #follow(first: RawAnswer): Promise<boolean> {
    const url = first.headers["azure-asyncoperation"];
    if (typeof url !== "string") return false;
    let last = first;
    for (;;) {
      await sleep(waitMs(last) ?? 0, undefined, { signal: this.signal });
      last = await this.#call("GET", url);
      const state = last.body["status"];
      if (state === "Succeeded") return true;
      if (state === "Failed" || state === "Canceled") throw errorOf(last);
    }
  }

  async #call(method: string, path: string, body?: PropertyMap): Promise<RawAnswer> {
    const url = new URL(path, this.access.endpoint);
    for (let attempt = 0; ; attempt++) {
      const token = await this.access.getToken();
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const bytes = body === undefined ? undefined : JSON.stringify(body);
      const result = await send(url, method, headers, bytes, this.access.certificatePem).catch(
        (error: unknown) => {
          if (attempt >= RETRIES) throw error;
          return undefined;
        },
      );
      if (result && (!RETRIED.includes(result.status) || attempt >= RETRIES)) {
        if (result.status < 400) return result;
        throw errorOf(result);
      }
      const pause = (result && waitMs(result)) ?? FIRST_DELAY_MS * 2 ** attempt;
      await sleep(pause, undefined, { signal: this.signal });
    }
  }
}

function waitMs({ headers }: RawAnswer): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
