// Where v1's certificate is found: in v1's Secret, else in the copy that was made of it.
import assert from "node:assert/strict";
import {
  findPair,
  type Secret,
  TAKEN_OVER,
} from "../../../../provider/legacy-certificate/core/legacy-pair";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const secret = (
  name: string,
  data: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
): Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "default", annotations },
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)])),
});

const legacy = secret("azuremlfessl", { "cert.pem": "v1's", "key.pem": "v1's key" });
const copied = { "tls.crt": "copy", "tls.key": "copy's key" };
const copy = secret("own", copied, { [TAKEN_OVER]: "default/azuremlfessl" });

describe("findPair()", () => {
  it("takes v1's, whatever else there is", () => {
    for (const own of [undefined, copy]) {
      const pair = { certificatePem: "v1's", privateKeyPem: "v1's key" };
      assert.deepEqual(findPair(legacy, own), { ok: true, pair });
    }
  });

  it("takes the copy once v1's is gone, so that a lost state loses no certificate", () => {
    const pair = { certificatePem: "copy", privateKeyPem: "copy's key" };
    assert.deepEqual(findPair(undefined, copy), { ok: true, pair });
  });

  it("takes no certificate for a copy that the program gave", () => {
    assert.deepEqual(findPair(undefined, secret("own", copied)), {
      ok: false,
      message: "Secret default/azuremlfessl doesn't exist",
    });
  });

  it("says what a Secret lacks", () => {
    assert.deepEqual(findPair(secret("azuremlfessl", { "cert.pem": "c" }), copy), {
      ok: false,
      message: "Secret default/azuremlfessl has no key.pem",
    });
    assert.deepEqual(findPair(secret("azuremlfessl", {}), undefined), {
      ok: false,
      message: "Secret default/azuremlfessl has no cert.pem and no key.pem",
    });
  });
});
