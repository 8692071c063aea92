/** Keys, certificates and their replacement rules. */
import "reflect-metadata";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { CreateRequest, DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { create, diff } from "../../../../tools/standins/pulumi-resource-tls/methods";
import {
  isSecret,
  type PropertyMap,
  stripSecretsOf,
} from "../../../../tools/standins/property-value/index";
import { fromStruct, toStruct } from "../../../../tools/standins/resource-plugin";

const start = new Date("2026-01-01T00:00:00Z");
const hoursLater = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
const keyType = "tls:index/privateKey:PrivateKey";
const selfSignedType = "tls:index/selfSignedCert:SelfSignedCert";
const requestType = "tls:index/certRequest:CertRequest";
const signedType = "tls:index/locallySignedCert:LocallySignedCert";

async function make(type: string, inputs: PropertyMap): Promise<PropertyMap> {
  const request = new CreateRequest();
  request.setType(type);
  request.setProperties(toStruct(inputs));
  return fromStruct((await create(request, start)).getProperties());
}

function compare(type: string, state: PropertyMap, news: PropertyMap, now = start) {
  const request = new DiffRequest();
  request.setType(type);
  request.setOlds(toStruct(state));
  request.setNews(toStruct(news));
  const response = diff(request, now);
  return { replaces: response.getReplacesList(), diffs: response.getDiffsList() };
}

async function newKey(inputs: PropertyMap): Promise<string> {
  return String(stripSecretsOf(await make(keyType, inputs))["privateKeyPem"]);
}

const serverUse = { allowedUses: ["digital_signature", "server_auth"], validityPeriodHours: 48 };

describe("the tls stand-in's keys", () => {
  const forms: [PropertyMap, string, string][] = [
    [{ algorithm: "RSA" }, "RSA PRIVATE KEY", "ssh-rsa "],
    [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "EC PRIVATE KEY", "ecdsa-sha2-nistp256 "],
    [{ algorithm: "ED25519" }, "PRIVATE KEY", "ssh-ed25519 "],
    // SSH has no such curve.
    [{ algorithm: "ECDSA" }, "EC PRIVATE KEY", ""],
  ];
  for (const [inputs, pem, ssh] of forms) {
    it(`has ${JSON.stringify(inputs)} in its usual forms, and keeps the private ones secret`, async () => {
      const state = await make(keyType, inputs);
      const plain = stripSecretsOf(state);
      assert.ok(String(plain["privateKeyPem"]).startsWith(`-----BEGIN ${pem}-----`));
      assert.ok(String(plain["publicKeyOpenssh"]).startsWith(ssh));
      for (const key of ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"]) {
        assert.ok(isSecret(state[key]), key);
      }
    });
  }

  it("are made anew for another algorithm, size or curve, and for nothing else", async () => {
    const state = await make(keyType, { algorithm: "ECDSA", ecdsaCurve: "P256" });
    assert.deepEqual(compare(keyType, state, { algorithm: "ECDSA", ecdsaCurve: "P256" }).diffs, []);
    const other = compare(keyType, state, { algorithm: "ECDSA", ecdsaCurve: "P384" });
    assert.deepEqual(other.replaces, ["ecdsaCurve"]);
  });
});

describe("the tls stand-in's certificates", () => {
  it("have the names, uses and times that were asked for", async () => {
    const privateKeyPem = await newKey({ algorithm: "RSA" });
    const inputs = {
      ...serverUse,
      privateKeyPem,
      dnsNames: ["a.example"],
      ipAddresses: ["127.0.0.1"],
      subject: { commonName: "a.example", organization: "O" },
    };
    const state = await make(selfSignedType, inputs);
    const certificate = new X509Certificate(String(state["certPem"]));
    assert.equal(certificate.subject, "O=O\nCN=a.example");
    assert.equal(certificate.subjectAltName, "DNS:a.example, IP Address:127.0.0.1");
    assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(certificate.validToDate.getTime(), hoursLater(48).getTime());
    assert.ok(certificate.verify(certificate.publicKey) && !certificate.ca);
    assert.ok(isSecret(state["privateKeyPem"]));
  });

  it("for a request are signed by the CA, for each algorithm", async () => {
    for (const algorithm of [
      { algorithm: "ED25519" },
      { algorithm: "ECDSA", ecdsaCurve: "P521" },
    ]) {
      const caPrivateKeyPem = await newKey(algorithm);
      const caSpec = {
        allowedUses: ["cert_signing"],
        isCaCertificate: true,
        setSubjectKeyId: true,
      };
      const ca = await make(selfSignedType, {
        ...{ ...caSpec, privateKeyPem: caPrivateKeyPem, validityPeriodHours: 48 },
        subject: { commonName: "ca" },
      });
      const request = await make(requestType, {
        ...{ privateKeyPem: await newKey({ algorithm: "RSA" }), dnsNames: ["leaf.example"] },
        subject: { commonName: "leaf" },
      });
      const leaf = await make(signedType, {
        ...{ ...serverUse, caPrivateKeyPem, caCertPem: ca["certPem"] },
        certRequestPem: request["certRequestPem"],
      });
      const caCertificate = new X509Certificate(String(ca["certPem"]));
      const certificate = new X509Certificate(String(leaf["certPem"]));
      assert.ok(caCertificate.ca && certificate.checkIssued(caCertificate));
      assert.ok(certificate.verify(caCertificate.publicKey));
      assert.equal(certificate.subjectAltName, "DNS:leaf.example");
    }
  });

  it("are renewed when their early renewal hours begin; those hours themselves change in place", async () => {
    const privateKeyPem = await newKey({ algorithm: "ED25519" });
    const inputs = { ...serverUse, privateKeyPem, earlyRenewalHours: 8 };
    const state = await make(selfSignedType, inputs);
    assert.deepEqual(compare(selfSignedType, state, inputs, hoursLater(39)).diffs, []);
    assert.deepEqual(compare(selfSignedType, state, inputs, hoursLater(40)).replaces, [
      "readyForRenewal",
    ]);
    const later = { ...inputs, earlyRenewalHours: 4 };
    assert.deepEqual(compare(selfSignedType, state, later, hoursLater(40)), {
      replaces: [],
      diffs: ["earlyRenewalHours"],
    });
  });

  it("say in a sentence that a key is no key, without showing it", async () => {
    const inputs = { ...serverUse, privateKeyPem: "my-secret-text" };
    await assert.rejects(make(selfSignedType, inputs), (error: Error) => {
      assert.match(error.message, /privateKeyPem must be a private key in PEM/);
      return !error.message.includes("my-secret-text");
    });
  });
});
