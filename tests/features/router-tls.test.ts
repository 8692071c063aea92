// TLS of the router on a real HAProxy: served from the start, renewed while it runs.
import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type TLSSocket } from "node:tls";
import * as x509 from "@peculiar/x509";
import { endpointOf, sliceOf } from "../support/model-endpoints";
import { startReplica, type Replica } from "../support/replica";
import { startTestRouter, until, type TestRouter } from "../support/test-router";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

async function makePair(name: string) {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: `CN=${name}`, keys, signingAlgorithm: ALGORITHM },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}

describe("the router's TLS", function () {
  this.timeout(60_000);
  let directory: string;
  let router: TestRouter;
  let replica: Replica;

  const mount = (certificate: string, key: string) => {
    writeFileSync(join(directory, "tls.crt"), certificate);
    writeFileSync(join(directory, "tls.key"), key);
  };
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "aml-tls-"));
    const { certificate, key } = await makePair("first.example");
    mount(certificate, key);
    [router, replica] = await Promise.all([startTestRouter(directory), startReplica()]);
    await router.serve([endpointOf()], sliceOf("blue", { a: replica.address }));
  });
  after(async () => {
    await Promise.all([router.stop(), replica.stop()]);
    rmSync(directory, { recursive: true });
  });

  async function shake(options: object = {}): Promise<TLSSocket> {
    const socket = connect({
      ...{ host: "127.0.0.1", port: router.haproxy.httpsPort, rejectUnauthorized: false },
      ...options,
    });
    await once(socket, "secureConnect");
    return socket;
  }
  async function servedName(): Promise<string> {
    const socket = await shake();
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  }

  it("answers over TLS 1.2 and 1.3, and not below", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = await shake({ minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    await assert.rejects(
      shake({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" }),
    );
    const outgoing = request({
      ...{ host: "127.0.0.1", port: router.haproxy.httpsPort, rejectUnauthorized: false },
      ...{ method: "POST", path: "/api/v1/service/churn/score" },
    });
    outgoing.end("{}");
    const [response] = (await once(outgoing, "response")) as [import("node:http").IncomingMessage];
    assert.equal(response.statusCode, 200);
    response.resume();
  });

  it("serves a renewed certificate without a restart or a dropped connection", async () => {
    const open = await shake();
    const before = router.haproxy.pid();
    const { certificate, key } = await makePair("second.example");
    mount(certificate, key);
    await until(async () => (await servedName()) === "second.example");
    assert.equal(router.haproxy.pid(), before);
    open.write(
      "POST /api/v1/service/churn/score HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}",
    );
    const [answer] = (await once(open, "data")) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1.1 200 /);
    open.destroy();
  });

  it("keeps the former certificate when the mounted pair does not belong together", async () => {
    const [one, other] = [await makePair("third.example"), await makePair("other.example")];
    mount(one.certificate, other.key);
    await sleep(3_000); // longer than the agent's look at the files
    assert.equal(await servedName(), "second.example");
    mount(one.certificate, one.key);
    await until(async () => (await servedName()) === "third.example");
  });
});
