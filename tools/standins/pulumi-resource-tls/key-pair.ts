/** Private keys: making them, reading them, and the forms in which programs want them. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import { openSshPrivateKey, openSshPublicKey } from "./openssh-key";

/** The vendor's names of the key algorithms. */
export type KeyAlgorithm = "RSA" | "ECDSA" | "ED25519";

/** What a key is to be. */
export interface KeySpec {
  readonly algorithm: KeyAlgorithm;
  /** Length of an RSA key's modulus in bits. */
  readonly rsaBits: number;
  /** Curve of an ECDSA key: P224, P256, P384 or P521. */
  readonly ecdsaCurve: string;
}

/** Node's names of the curves. */
export const nodeCurves: Readonly<Record<string, string>> = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
};

const generate = promisify(generateKeyPair);

/** Makes a key. */
export async function generateKey({ algorithm, rsaBits, ecdsaCurve }: KeySpec): Promise<KeyObject> {
  switch (algorithm) {
    case "RSA":
      return (await generate("rsa", { modulusLength: rsaBits })).privateKey;
    case "ECDSA":
      return (await generate("ec", { namedCurve: nodeCurves[ecdsaCurve] ?? ecdsaCurve }))
        .privateKey;
    case "ED25519":
      return (await generate("ed25519")).privateKey;
  }
}

/** Reads a key in PEM. Throws a sentence that names the property and never shows the key. */
export function parsePrivateKey(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${property} must be a private key in PEM: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const algorithms: Readonly<Record<string, KeyAlgorithm>> = {
  rsa: "RSA",
  ec: "ECDSA",
  ed25519: "ED25519",
};

/** The vendor's name of a key's algorithm. Throws for one that the vendor does not know. */
export function algorithmOf(key: KeyObject): KeyAlgorithm {
  const type = key.asymmetricKeyType ?? "unknown";
  const algorithm = algorithms[type];
  if (algorithm) return algorithm;
  throw new Error(`a key must be RSA, ECDSA or ED25519: it is ${type}`);
}

/** Every output of a `PrivateKey` that follows from the key. */
export function keyOutputs(key: KeyObject): Record<string, string> {
  const pkcs8 = key.export({ type: "pkcs8", format: "pem" }).toString();
  const publicKey = createPublicKey(key);
  const ssh = openSshPublicKey(publicKey);
  return {
    privateKeyPem: traditionalPem(key, pkcs8),
    privateKeyPemPkcs8: pkcs8,
    privateKeyOpenssh: ssh ? openSshPrivateKey(key, ssh) : "",
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    publicKeyOpenssh: ssh ? `${ssh.type} ${ssh.blob.toString("base64")}\n` : "",
    publicKeyFingerprintMd5: ssh
      ? (digest("md5", ssh.blob, "hex").match(/../g) ?? []).join(":")
      : "",
    publicKeyFingerprintSha256: ssh
      ? `SHA256:${digest("sha256", ssh.blob, "base64").replace(/=+$/, "")}`
      : "",
  };
}

/** The id of something by its bytes. */
export function idOfBytes(bytes: Uint8Array): string {
  return digest("sha1", bytes, "hex");
}

/** The public half's bytes, by which the resource is identified. */
export function publicKeyBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: "spki", format: "der" });
}

function traditionalPem(key: KeyObject, pkcs8: string): string {
  switch (algorithmOf(key)) {
    case "RSA":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ECDSA":
      return key.export({ type: "sec1", format: "pem" }).toString();
    case "ED25519":
      return pkcs8;
  }
}

function digest(algorithm: string, bytes: Uint8Array, encoding: "hex" | "base64"): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
