/** Calls to Resource Manager with the retries and the polling of the vendor's plugin. */
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord, type PropertyMap } from "../../resource-plugin/property-value";

/** Where Azure is and who calls. */
export interface AzureAccess {
  /** `https://management.azure.com`, or a stand-in. */
  readonly endpoint: string;
  /** `https://login.microsoftonline.com`, or a stand-in. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Authority of the server's certificate, beside those that Node trusts; unset: none. */
  readonly certificatePem?: string;
}

/** An error that Resource Manager answered. */
export class ArmCallError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`Code="${code}" Message="${message}"`);
    this.name = "ArmCallError";
  }
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: PropertyMap;
}

// azcore's policy.RetryOptions: these statuses and every broken connection, three times more.
const RETRIED = [408, 429, 500, 502, 503, 504];
const RETRIES = 3;
const FIRST_DELAY_MS = 20;

export class ArmClient {
  #token: { text: string; renewAtMs: number } | undefined;

  constructor(
    private readonly access: AzureAccess,
    private readonly signal: AbortSignal,
  ) {}

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

  async delete(id: string, apiVersion: string): Promise<void> {
    await this.#follow(await this.#call("DELETE", `${id}?api-version=${apiVersion}`));
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
      const token = await this.#getToken();
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

  async #getToken(): Promise<string> {
    if (this.#token && Date.now() < this.#token.renewAtMs) return this.#token.text;
    const { authority, tenantId, clientId, clientSecret } = this.access;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      scope: "https://management.azure.com/.default",
      client_id: clientId,
      client_secret: clientSecret,
    });
    const answer = await send(
      new URL(`/${tenantId}/oauth2/v2.0/token`, authority),
      "POST",
      { "content-type": "application/x-www-form-urlencoded" },
      form.toString(),
      this.access.certificatePem,
    );
    const { access_token: token, expires_in: seconds } = answer.body;
    if (typeof token !== "string" || typeof seconds !== "number") throw errorOf(answer);
    this.#token = { text: token, renewAtMs: Date.now() + (seconds - 300) * 1000 };
    return token;
  }
}

function send(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
  ca: string | undefined,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca }, (response) => {
      text(response).then((bytes) => {
        const parsed: unknown = bytes === "" ? {} : JSON.parse(bytes);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: isRecord(parsed) ? parsed : {},
        });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function waitMs({ headers }: RawAnswer): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function errorOf({ status, body }: RawAnswer): ArmCallError {
  const error = isRecord(body["error"]) ? body["error"] : {};
  const { code, message } = error;
  return new ArmCallError(
    status,
    typeof code === "string" ? code : String(status),
    typeof message === "string" ? message : "no reason was given",
  );
}
