// The certificate in v1's Secret, and in the router's own once it was taken over.
import { type PemPair } from "../../../values/pem-pair";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { LEGACY_NAMESPACE, LEGACY_SECRET } from "../../../contracts/legacy-router";

export type FoundPair =
  | { readonly ok: true; readonly pair: PemPair }
  /** One sentence: what is missing. */
  | { readonly ok: false; readonly message: string };

/** On the router's own Secret: whose certificate it keeps. */
export const TAKEN_OVER = "aml-inference.io/certificate-taken-over-from";
export const LEGACY_SOURCE = `${LEGACY_NAMESPACE}/${LEGACY_SECRET}`;

/** A Secret as the API server answers it. */
export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** v1's certificate; once v1's Secret is gone, the copy that the router's own Secret keeps. */
export function findPair(legacy: Secret | undefined, own: Secret | undefined): FoundPair {
  const kept = own?.metadata.annotations?.[TAKEN_OVER] === LEGACY_SOURCE ? own : undefined;
  if (legacy !== undefined) return readPair(legacy, "cert.pem", "key.pem");
  if (kept !== undefined) return readPair(kept, "tls.crt", "tls.key");
  return { ok: false, message: `there is no Secret ${LEGACY_SOURCE} to take it from` };
}

function readPair(secret: Secret, certificate: string, key: string): FoundPair {
  const { namespace, name } = secret.metadata;
  const absent = [certificate, key].filter((each) => !secret.data?.[each]);
  if (absent.length > 0) {
    return { ok: false, message: `Secret ${namespace}/${name} has no ${absent.join(" and no ")}` };
  }
  const pair = {
    certificatePem: decoded(secret.data?.[certificate]),
    privateKeyPem: decoded(secret.data?.[key]),
  };
  return { ok: true, pair };
}

function decoded(base64 = ""): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
