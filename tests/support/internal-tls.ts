// Certificates of a router's own authority, as AmlInferenceRouter declares them, and folders as the kubelet mounts them.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { internalName, internalTlsSecret } from "../../contracts/pods/internal-tls";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import {
  CA_FILE,
  CERTIFICATE_FILE,
  PRIVATE_KEY_FILE,
} from "../../contracts/pods/router-environment";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const NOT_BEFORE = new Date("2026-01-01T00:00:00Z");

/** Texts of the files of a Secret, by their names. */
export type SecretFiles = Readonly<Record<string, string>>;

type Usage = "clientAuth" | "serverAuth";

export interface Authority {
  /** A certificate for the DNS name, valid for an hour unless told otherwise. */
  issue(name: string, usages: readonly Usage[], notAfter?: Date): Promise<SecretFiles>;
  /** Of the routers: server and client. */
  router(namespace: string, notAfter?: Date): Promise<SecretFiles>;
  /** Of the autoscalers: server only. */
  autoscaler(namespace: string, notAfter?: Date): Promise<SecretFiles>;
}

const makeKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
const soon = () => new Date(Date.now() + 3_600_000);

export async function makeAuthority(): Promise<Authority> {
  const keys = await makeKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...{ name: "CN=authority", keys, signingAlgorithm: ALGORITHM },
      ...{ notBefore: NOT_BEFORE, notAfter: soon() },
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    },
    webcrypto,
  );
  const issue: Authority["issue"] = async (name, usages, notAfter = soon()) => {
    const own = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create(
      {
        ...{ subject: `CN=${name}`, issuer: ca.subjectName, publicKey: own.publicKey },
        ...{ signingKey: keys.privateKey, signingAlgorithm: ALGORITHM },
        ...{ serialNumber: `01${randomBytes(8).toString("hex")}`, notBefore: NOT_BEFORE, notAfter },
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension(usages.map((usage) => x509.ExtendedKeyUsage[usage])),
          new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
        ],
      },
      webcrypto,
    );
    const key = await webcrypto.subtle.exportKey("pkcs8", own.privateKey);
    return {
      [CERTIFICATE_FILE]: certificate.toString("pem"),
      [PRIVATE_KEY_FILE]: x509.PemConverter.encode(key, "PRIVATE KEY"),
      [CA_FILE]: ca.toString("pem"),
    };
  };
  return {
    issue,
    router: (namespace, notAfter) =>
      issue(internalName(ROUTER_NAME, namespace), ["clientAuth", "serverAuth"], notAfter),
    autoscaler: (namespace, notAfter) =>
      issue(internalName(AUTOSCALER_NAME, namespace), ["serverAuth"], notAfter),
  };
}

/** The Secrets that the pods of a namespace mount. */
export async function internalTlsSecrets(namespace: string): Promise<readonly object[]> {
  const authority = await makeAuthority();
  const secretOf = (role: string, stringData: SecretFiles) => ({
    ...{ apiVersion: "v1", kind: "Secret", type: "kubernetes.io/tls", stringData },
    metadata: { name: internalTlsSecret(role), namespace },
  });
  return [
    secretOf(ROUTER_NAME, await authority.router(namespace)),
    secretOf(AUTOSCALER_NAME, await authority.autoscaler(namespace)),
  ];
}

/** An empty folder of the system's temporary one, to mount files in. */
export function makeMountFolder(): string {
  return mkdtempSync(join(tmpdir(), "aml-internal-tls-"));
}

/** As the kubelet does it: a folder for the files, then one link moved, through which each file is seen. */
export function mountFiles(directory: string, files: SecretFiles): void {
  const version = `..${randomBytes(6).toString("hex")}`;
  mkdirSync(join(directory, version));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, version, name), text, { mode: 0o600 });
    try {
      symlinkSync(join("..data", name), join(directory, name));
    } catch {
      // It is there from the first time.
    }
  }
  symlinkSync(version, join(directory, "..data_tmp"));
  renameSync(join(directory, "..data_tmp"), join(directory, "..data"));
}
