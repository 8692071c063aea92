/** A certificate for 127.0.0.1: Azure's clients send tokens over TLS only. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface ServerCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** A fresh self-signed certificate that is its own authority, valid for a week; made by openssl. */
export async function createServerCertificate(): Promise<ServerCertificate> {
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-azure-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  try {
    await promisify(execFile)("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-days", "7", "-subj", "/CN=stand-in for Azure"],
      ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
    ]);
    return {
      certificatePem: await readFile(certificate, "utf8"),
      privateKeyPem: await readFile(key, "utf8"),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
