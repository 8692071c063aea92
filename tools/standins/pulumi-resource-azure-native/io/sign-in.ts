/** Signs in with a client secret, as the vendor's plugin does where ARM_CLIENT_SECRET is set. */
import { errorOf, send } from "./https-call";

export interface ClientSecret {
  /** `https://login.microsoftonline.com`, or a stand-in. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Authority of the server's certificate, beside those that Node trusts; unset: none. */
  readonly certificatePem?: string;
}

/** Gives a token, the same one until five minutes before its end. */
export function signIn(client: ClientSecret): () => Promise<string> {
  let token: { text: string; renewAtMs: number } | undefined;
  return async () => {
    if (token && Date.now() < token.renewAtMs) return token.text;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      scope: "https://management.azure.com/.default",
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });
    const answer = await send(
      new URL(`/${client.tenantId}/oauth2/v2.0/token`, client.authority),
      "POST",
      { "content-type": "application/x-www-form-urlencoded" },
      form.toString(),
      client.certificatePem,
    );
    const { access_token: text, expires_in: seconds } = answer.body;
    if (typeof text !== "string" || typeof seconds !== "number") throw errorOf(answer);
    token = { text, renewAtMs: Date.now() + (seconds - 300) * 1000 };
    return text;
  };
}
