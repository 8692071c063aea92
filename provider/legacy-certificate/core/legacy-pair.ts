// v1's certificate: in v1's Secret or, once taken over, in the router's own Secret.
import { type PemPair } from "../../../values/pem-pair";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { LEGACY_NAMESPACE, LEGACY_SECRET } from "../../../contracts/legacy-router";

export type FoundPair =
  | { readonly ok: true; readonly pair: PemPair }
  /** What is missing, as one sentence. */
  | { readonly ok: false; readonly message: string };

/** Annotation of the router's own Secret: the Secret that its certificate was taken over from. */
export const TAKEN_OVER = "aml-inference.io/certificate-taken-over-from";
export const LEGACY_SOURCE = `${LEGACY_NAMESPACE}/${LEGACY_SECRET}`;

/** A Secret as the API server returns it. */
export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** v1's certificate or, when v1's Secret is deleted, the copy in the router's own Secret. */
export function findPair(legacy: Secret | undefined, own: Secret | undefined): FoundPair {
  const kept = own?.metadata.annotations?.[TAKEN_OVER] === LEGACY_SOURCE ? own : undefined;
  if (legacy !== undefined) return readPair(legacy, "cert.pem", "key.pem");
  if (kept !== undefined) return readPair(kept, "tls.crt", "tls.key");
  return { ok: false, message: `Secret ${LEGACY_SOURCE} doesn't exist` };
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
