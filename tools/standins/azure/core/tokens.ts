/** Bearer tokens: given out for a time, and refused after it. */
import { createHash } from "node:crypto";
import type { ArmError } from "./arm-error";

/** An access token of Microsoft Entra lives about an hour (learn.microsoft.com/entra/identity-platform/access-tokens). */
export const TOKEN_SECONDS = 3600;

export class Tokens {
  readonly #expiry = new Map<string, number>();

  /** @param randomText what makes the token hard to guess */
  constructor(private readonly randomText: () => string) {}

  issue(nowMs: number): string {
    const token = `standin-${this.randomText()}`;
    this.#expiry.set(keyOf(token), nowMs + TOKEN_SECONDS * 1000);
    return token;
  }

  /** Ends every token given out so far. */
  expireAll(nowMs: number): void {
    for (const key of this.#expiry.keys()) this.#expiry.set(key, nowMs - 1);
  }

  /** Why a call with this `Authorization` header is refused; undefined when it is not. */
  refuse(
    authorization: string | undefined,
    nowMs: number,
    checkExpiry: boolean,
  ): ArmError | undefined {
    const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
    const expiry = token === undefined ? undefined : this.#expiry.get(keyOf(token));
    if (token === undefined) {
      return {
        status: 401,
        code: "AuthenticationFailed",
        message: "Authentication failed. The 'Authorization' header is missing.",
      };
    }
    if (expiry === undefined) {
      return {
        status: 401,
        code: "InvalidAuthenticationToken",
        message: "The access token is invalid.",
      };
    }
    if (!checkExpiry || expiry > nowMs) return undefined;
    return {
      status: 401,
      code: "ExpiredAuthenticationToken",
      message: `The access token expiry UTC time '${new Date(expiry).toISOString()}' is earlier than current UTC time '${new Date(nowMs).toISOString()}'.`,
    };
  }
}

function keyOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
