// Makes the cluster's certificates and keys with openssl, once.
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterSettings } from "../core/cluster-settings";
import { planCertificates } from "../core/plan-certificates";
import { captureOutput } from "../../programs";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"];

/** Fills `pkiDir` unless it exists. All or nothing: the folder appears when it is complete. */
export async function ensureCertificates(settings: ClusterSettings): Promise<void> {
  if (existsSync(settings.pkiDir)) return;
  const dir = `${settings.pkiDir}.new`;
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(dir, name);

  // openssl's own configuration would mark every certificate as an authority.
  writeFileSync(file("openssl.cnf"), "[req]\ndistinguished_name = dn\n[dn]\n");
  const makeCertificate = (name: string, subject: string, args: readonly string[]) =>
    captureOutput("openssl", [
      ...["req", "-x509", "-config", file("openssl.cnf"), ...newKey, "-subj", subject],
      ...["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`), ...args],
    ]);

  for (const authority of ["ca", "etcd-ca"]) {
    await makeCertificate(authority, `/CN=aml-inference-${authority}`, [
      ...["-addext", "basicConstraints=critical,CA:TRUE"],
      ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ]);
  }
  for (const plan of planCertificates(settings)) {
    const organization = plan.organization === undefined ? "" : `/O=${plan.organization}`;
    await makeCertificate(plan.name, `${organization}/CN=${plan.commonName}`, [
      ...["-CA", file(`${plan.authority}.pem`), "-CAkey", file(`${plan.authority}.key`)],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-addext", "keyUsage=critical,digitalSignature"],
      ...["-addext", `extendedKeyUsage=${plan.usages.join(",")}`],
      ...(plan.subjectAltNames === undefined
        ? []
        : ["-addext", `subjectAltName=${plan.subjectAltNames.join(",")}`]),
    ]);
  }
  const serviceAccount = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(file("service-account.key"), serviceAccount.privateKey, { mode: 0o600 });
  writeFileSync(file("service-account.pub"), serviceAccount.publicKey);
  renameSync(dir, settings.pkiDir);
}
