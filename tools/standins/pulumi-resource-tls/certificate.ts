/** Issuing certificates and certificate requests. */
import { randomBytes, type KeyObject, type webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { extendedKeyUsages, keyUsages } from "./allowed-uses";
import { signingKeyOf } from "./signing-key";

/** What a certificate says besides whose it is. */
export interface CertificateSpec {
  readonly allowedUses: readonly string[];
  readonly isCa: boolean;
  /** How many CAs may stand below this one; undefined for no limit. */
  readonly maxPathLength: number | undefined;
  readonly validityHours: number;
  readonly setSubjectKeyId: boolean;
  readonly setAuthorityKeyId: boolean;
}

/** Names beside the subject's. */
export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
}

/** A certificate, and when it holds. */
export interface IssuedCertificate {
  readonly pem: string;
  /** In decimal digits. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate that a key signs for itself. */
export async function issueSelfSigned(
  key: KeyObject,
  subject: Name,
  names: AlternativeNames,
  spec: CertificateSpec,
  now: Date,
): Promise<IssuedCertificate> {
  const { keys, algorithm } = signingKeyOf(key);
  const keyId = spec.setAuthorityKeyId ? await keyIdOf(keys.publicKey) : undefined;
  const alternative = alternativeNames(names, subject);
  const extensions = await extensionsOf(spec, keys.publicKey, keyId, alternative);
  const parties = { subject, issuer: subject, publicKey: keys.publicKey };
  return issue(
    { ...parties, signingKey: keys.privateKey, signingAlgorithm: algorithm },
    extensions,
    spec,
    now,
  );
}

/** A certificate for a request, signed by a CA's key. Throws when the request's signature is wrong. */
export async function issueForRequest(
  requestPem: string,
  caCertPem: string,
  caKey: KeyObject,
  spec: CertificateSpec,
  now: Date,
): Promise<IssuedCertificate> {
  const request = parse(() => new Pkcs10CertificateRequest(requestPem), "certRequestPem");
  const caCert = parse(() => new X509Certificate(caCertPem), "caCertPem");
  if (!(await request.verify())) throw new Error("certRequestPem must be signed by its own key");
  const { keys, algorithm } = signingKeyOf(caKey);
  const keyId = caCert.extensions.find(
    (extension) => extension instanceof SubjectKeyIdentifierExtension,
  )?.keyId;
  const alternative = request.extensions.find(
    (extension) => extension instanceof SubjectAlternativeNameExtension,
  );
  const extensions = await extensionsOf(spec, request.publicKey, keyId, alternative);
  const parties = {
    subject: request.subjectName,
    issuer: caCert.subjectName,
    publicKey: request.publicKey,
  };
  return issue(
    { ...parties, signingKey: keys.privateKey, signingAlgorithm: algorithm },
    extensions,
    spec,
    now,
  );
}

/** A request for a certificate, in PEM and in bytes. */
export async function createRequest(
  key: KeyObject,
  subject: Name,
  names: AlternativeNames,
): Promise<{ pem: string; bytes: Uint8Array }> {
  const { keys, algorithm } = signingKeyOf(key);
  const alternative = alternativeNames(names, new Name("CN=any"));
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subject.toJSON(),
    keys,
    signingAlgorithm: algorithm,
    extensions: alternative ? [alternative] : [],
  });
  return { pem: `${request.toString("pem")}\n`, bytes: new Uint8Array(request.rawData) };
}

const hourMs = 3_600_000;

async function issue(
  parties: Pick<
    Parameters<typeof X509CertificateGenerator.create>[0],
    "subject" | "issuer" | "publicKey" | "signingAlgorithm"
  > & { signingKey: webcrypto.CryptoKey },
  extensions: Extension[],
  spec: CertificateSpec,
  now: Date,
): Promise<IssuedCertificate> {
  const serial = randomBytes(16);
  // A serial number is positive and not zero (RFC 5280, 4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 1;
  const notAfter = new Date(now.getTime() + spec.validityHours * hourMs);
  const certificate = await X509CertificateGenerator.create({
    ...parties,
    serialNumber: serial.toString("hex"),
    notBefore: now,
    notAfter,
    extensions,
  });
  const serialNumber = BigInt(`0x${serial.toString("hex")}`).toString();
  return { pem: `${certificate.toString("pem")}\n`, serialNumber, notBefore: now, notAfter };
}

async function extensionsOf(
  spec: CertificateSpec,
  publicKey: webcrypto.CryptoKey | PublicKey,
  authorityKeyId: string | undefined,
  names: SubjectAlternativeNameExtension | undefined,
): Promise<Extension[]> {
  const usage = spec.allowedUses.reduce((bits, word) => bits | (keyUsages[word] ?? 0), 0);
  const extended = spec.allowedUses.flatMap((word) => extendedKeyUsages[word] ?? []);
  const pathLength = spec.isCa ? spec.maxPathLength : undefined;
  return [
    ...(usage === 0 ? [] : [new KeyUsagesExtension(usage, true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended)]),
    new BasicConstraintsExtension(spec.isCa, pathLength, true),
    ...(spec.setSubjectKeyId ? [await SubjectKeyIdentifierExtension.create(publicKey)] : []),
    ...(authorityKeyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(authorityKeyId)]),
    ...(names ? [names] : []),
  ];
}

/** Critical when the subject is empty, since then they alone tell whose it is (RFC 5280, 4.2.1.6). */
function alternativeNames(
  { dnsNames, ipAddresses, uris }: AlternativeNames,
  subject: Name,
): SubjectAlternativeNameExtension | undefined {
  const names: JsonGeneralNames = [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
    ...uris.map((value) => ({ type: "url" as const, value })),
  ];
  if (names.length === 0) return undefined;
  return new SubjectAlternativeNameExtension(names, subject.toJSON().length === 0);
}

async function keyIdOf(publicKey: webcrypto.CryptoKey): Promise<string> {
  return (await SubjectKeyIdentifierExtension.create(publicKey)).keyId;
}

function parse<T>(read: () => T, property: string): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${property} must be in PEM and of its kind`, { cause: error });
  }
}
