/** A private key in the form in which the X.509 library signs with it. */
import { createPublicKey, type KeyObject, type webcrypto } from "node:crypto";

/** Both halves, and the algorithm that they sign with. */
export interface SigningKey {
  readonly keys: webcrypto.CryptoKeyPair;
  readonly algorithm: webcrypto.Algorithm | webcrypto.EcdsaParams;
}

const curves: Readonly<Record<string, { namedCurve: string; hash: string }>> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

/** Reads the key for signing. Throws for the curve P224, for which there is no WebCrypto. */
export function signingKeyOf(key: KeyObject): SigningKey {
  const publicKey = createPublicKey(key);
  const pair = (algorithm: Parameters<KeyObject["toCryptoKey"]>[0]) => ({
    privateKey: key.toCryptoKey(algorithm, true, ["sign"]),
    publicKey: publicKey.toCryptoKey(algorithm, true, ["verify"]),
  });
  if (key.asymmetricKeyType === "rsa") {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return { keys: pair(algorithm), algorithm };
  }
  if (key.asymmetricKeyType === "ed25519") {
    const algorithm = { name: "Ed25519" };
    return { keys: pair(algorithm), algorithm };
  }
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (!curve) {
    throw new Error(
      "the stand-in for the tls plugin signs certificates with RSA, ED25519 and the ECDSA curves P256, " +
        "P384 and P521: the key's curve is another one",
    );
  }
  const { namedCurve, hash } = curve;
  return { keys: pair({ name: "ECDSA", namedCurve }), algorithm: { name: "ECDSA", hash } };
}
