// TLS of the router on a real HAProxy: served from the start, renewed while it runs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../../contracts/pods/router-environment";
import { makePair } from "../support/certificate-pair";
import { endpointOf, sliceOf } from "../support/model-endpoints";
import type { Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";
import type { PemPair } from "../../values/pem-pair";

describe("the router's TLS", function () {
  this.timeout(60_000);
  let directory: string;
  let router: TestRouter;
  let replica: Replica;

  const mount = ({ certificatePem, privateKeyPem }: PemPair) => {
    writeFileSync(join(directory, CERTIFICATE_FILE), certificatePem);
    writeFileSync(join(directory, PRIVATE_KEY_FILE), privateKeyPem);
  };
  const pairOf = (name: string) => makePair(name, new Date("2100-01-01"));
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "aml-tls-"));
    mount(await pairOf("first.example"));
  });
  setUpRouter(
    (started) => ({ router, one: replica } = started),
    () => directory,
  );
  beforeEach(() => router.serve([endpointOf()], sliceOf("blue", { a: replica.address })));
  after(() => rmSync(directory, { recursive: true }));

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
    mount(await pairOf("second.example"));
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
    const [one, other] = [await pairOf("third.example"), await pairOf("other.example")];
    const refusals = () => router.logged("the mounted certificate is refused").length;
    const before = refusals();
    mount({ ...one, privateKeyPem: other.privateKeyPem });
    await until(() => refusals() > before);
    assert.equal(await servedName(), "second.example");
    mount(one);
    await until(async () => (await servedName()) === "third.example");
  });
});
