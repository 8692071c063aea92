// The mounted certificate and its key.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../../../../contracts/pods/router-environment";

export type CertificatePair =
  | { readonly ok: true; readonly pem: string; readonly expires: string }
  | { readonly ok: false; readonly message: string };

/** Both files as one PEM text; never names anything of the key. */
export function readCertificatePair(directory: string): CertificatePair {
  try {
    const certificate = readFileSync(join(directory, CERTIFICATE_FILE), "utf8");
    const key = readFileSync(join(directory, PRIVATE_KEY_FILE), "utf8");
    const leaf = new X509Certificate(certificate);
    if (!leaf.checkPrivateKey(createPrivateKey(key))) {
      return {
        ok: false,
        message: `${CERTIFICATE_FILE} and ${PRIVATE_KEY_FILE} in ${directory} must belong together: they don't`,
      };
    }
    return { ok: true, pem: `${certificate.trim()}\n${key.trim()}\n`, expires: leaf.validTo };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    return {
      ok: false,
      message: `${CERTIFICATE_FILE} and ${PRIVATE_KEY_FILE} in ${directory} must be PEM files: ${code}`,
    };
  }
}
