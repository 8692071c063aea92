/** One call to Azure, without a retry, and the error that it answers. */
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { isRecord, type PropertyMap } from "../../property-value";

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

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: PropertyMap;
}

/** @throws Error when the connection breaks; an answer with an error is an answer. */
export function send(
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

export function errorOf({ status, body }: RawAnswer): ArmCallError {
  const error = isRecord(body["error"]) ? body["error"] : {};
  const { code, message } = error;
  return new ArmCallError(
    status,
    typeof code === "string" ? code : String(status),
    typeof message === "string" ? message : "no reason was given",
  );
}
