/** Keys in OpenSSH's own formats (RFC 4253, RFC 5656, RFC 8709, OpenSSH's PROTOCOL.key). */
import { type KeyObject, randomBytes } from "node:crypto";

/** A public key as SSH sends it. */
export interface SshPublicKey {
  /** Such as `ssh-rsa`. */
  readonly type: string;
  readonly blob: Buffer;
}

const sshCurves: Readonly<Record<string, string>> = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};

/** The public key; undefined for a kind that SSH does not have, such as the curve P-224. */
export function openSshPublicKey(key: KeyObject): SshPublicKey | undefined {
  // Node writes no JWK for a curve that JOSE does not have.
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const { kty, crv = "", n, e, x, y } = key.export({ format: "jwk" });
  if (kty === "RSA") return publicKey("ssh-rsa", integer(e), integer(n));
  if (kty === "OKP") return publicKey("ssh-ed25519", text(bytes(x)));
  const curve = sshCurves[crv];
  if (curve === undefined) return undefined;
  const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
  return publicKey(`ecdsa-sha2-${curve}`, text(curve), text(point));
}

/** The private key without a passphrase, in `openssh-key-v1`. */
export function openSshPrivateKey(key: KeyObject, { type, blob }: SshPublicKey): string {
  const { kty, crv = "", n, e, d, p, q, qi, x, y } = key.export({ format: "jwk" });
  let fields: Buffer[];
  if (kty === "RSA") fields = [n, e, d, qi, p, q].map(integer);
  else if (kty === "OKP") fields = [text(bytes(x)), text(Buffer.concat([bytes(d), bytes(x)]))];
  else {
    const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
    fields = [text(sshCurves[crv] ?? crv), text(point), integer(d)];
  }
  // The same random number twice lets a reader see that nothing had to be decrypted.
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, text(type), ...fields, text("")]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (secret.length % 8)) % 8));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[text("none"), text("none"), text("")],
    Buffer.from([0, 0, 0, 1]),
    text(blob),
    text(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    ...lines,
    "-----END OPENSSH PRIVATE KEY-----",
    "",
  ].join("\n");
}

function publicKey(type: string, ...fields: Buffer[]): SshPublicKey {
  return { type, blob: Buffer.concat([text(type), ...fields]) };
}

/** SSH's `string`: its length, then its bytes. */
function text(value: string | Buffer): Buffer {
  const content = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** SSH's `mpint`: a positive number gets a zero byte before a set highest bit. */
function integer(base64url: string | undefined): Buffer {
  const content = bytes(base64url);
  const start = content.findIndex((byte) => byte !== 0);
  const digits = content.subarray(start < 0 ? content.length : start);
  return text((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

function bytes(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? "", "base64url");
}
