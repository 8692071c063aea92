// A mounted Secret of type kubernetes.io/tls: its certificate and key, and the authorities beside them.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import {
  CA_FILE,
  CERTIFICATE_FILE,
  PRIVATE_KEY_FILE,
} from "../../contracts/pods/router-environment";

/** PEM texts. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface MutualTlsFiles extends CertificatePair {
  readonly ca: string;
}

export type MountedFiles<T extends CertificatePair> =
  | { readonly ok: true; readonly files: T; readonly expires: string }
  | { readonly ok: false; readonly message: string };

/** Never names anything of the key. */
export function readCertificatePair(directory: string): MountedFiles<CertificatePair> {
  return read(directory, [CERTIFICATE_FILE, PRIVATE_KEY_FILE], () => ({}));
}

/** With the certificates of those who may sign the other side's. */
export function readMutualTls(directory: string): MountedFiles<MutualTlsFiles> {
  return read(directory, [CERTIFICATE_FILE, PRIVATE_KEY_FILE, CA_FILE], (folder) => {
    const ca = readFileSync(join(folder, CA_FILE), "utf8");
    new X509Certificate(ca);
    return { ca };
  });
}

function read<T>(
  directory: string,
  names: readonly string[],
  readMore: (folder: string) => T,
): MountedFiles<CertificatePair & T> {
  try {
    const folder = versionOf(directory);
    const cert = readFileSync(join(folder, CERTIFICATE_FILE), "utf8");
    const key = readFileSync(join(folder, PRIVATE_KEY_FILE), "utf8");
    const leaf = new X509Certificate(cert);
    if (!leaf.checkPrivateKey(createPrivateKey(key))) {
      return {
        ok: false,
        message: `${CERTIFICATE_FILE} and ${PRIVATE_KEY_FILE} in ${directory} must belong together: they don't`,
      };
    }
    return { ok: true, files: { cert, key, ...readMore(folder) }, expires: leaf.validTo };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    const message = `${names.join(", ")} in ${directory} must be PEM files: ${code}`;
    return { ok: false, message };
  }
}

/** The kubelet makes a folder for each version of a Secret and moves a link to it: files of one folder are of one version. */
function versionOf(directory: string): string {
  try {
    return realpathSync(join(directory, "..data"));
  } catch {
    return directory; // of no kubelet
  }
}
