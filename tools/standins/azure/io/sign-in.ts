/** The sign-in service: the part of Microsoft Entra and of managed identity that Azure's clients ask for tokens. */
import { type Answer, answer } from "../core/answer";
import { TOKEN_SECONDS, type Tokens } from "../core/tokens";

const TENANT_PATH = /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/token)$/;
const MANAGED_IDENTITY_PATH = "/msi/token";

/** True for a call of a sign-in, which needs no token. */
export function isSignIn(path: string): boolean {
  return path === MANAGED_IDENTITY_PATH || TENANT_PATH.test(path);
}

/**
 * Answers the calls of a sign-in; undefined when the path is none of them.
 *
 * Paths: learn.microsoft.com/entra/identity-platform/v2-protocols-oidc and
 * learn.microsoft.com/azure/app-service/overview-managed-identity (`IDENTITY_ENDPOINT`).
 */
export function answerSignIn(
  base: string,
  method: string,
  url: URL,
  tokens: Tokens,
  nowMs: number,
): Answer | undefined {
  if (url.pathname === MANAGED_IDENTITY_PATH) {
    return answer(200, {
      access_token: tokens.issue(nowMs),
      expires_on: String(Math.floor(Date.now() / 1000) + TOKEN_SECONDS),
      resource: url.searchParams.get("resource"),
      token_type: "Bearer",
    });
  }
  const tenant =
    /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/token)$/.exec(
      url.pathname,
    );
  if (!tenant) return undefined;
  const root = `${base}/${tenant[1] ?? ""}`;
  if (method === "POST") {
    return answer(200, {
      token_type: "Bearer",
      expires_in: TOKEN_SECONDS,
      ext_expires_in: TOKEN_SECONDS,
      access_token: tokens.issue(nowMs),
    });
  }
  return answer(200, {
    token_endpoint: `${root}/oauth2/v2.0/token`,
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${root}/oauth2/v2.0/logout`,
    jwks_uri: `${root}/discovery/v2.0/keys`,
    issuer: `${root}/v2.0`,
  });
}
