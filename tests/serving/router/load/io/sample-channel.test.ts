// Both ends of the metrics channel: the router's channels against the autoscaler's own server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EndpointSample } from "../../../../../contracts/metrics-channel/router-sample";
import {
  serveSamples,
  type SamplesServer,
} from "../../../../../serving/autoscaler/load/io/samples-server";
import { SampleChannels } from "../../../../../serving/router/load/io/sample-channels";
import {
  type Authority,
  makeAuthority,
  makeMountFolder,
  mountFiles,
  type SecretFiles,
} from "../../../../support/internal-tls";
import { freePort } from "../../../../support/free-port";
import { sliceOf } from "../../../../support/model-endpoints";
import { until } from "../../../../support/test-router";

const endpoint = (inFlight: number): EndpointSample => ({
  appliedGeneration: 1,
  versions: { blue: { inFlight, queued: 0, slots: 1, arrivals: 7, draining: { b: 0 } } },
});

describe("SampleChannels", () => {
  let directory: string;
  let authority: Authority;
  /** Folders of the router's and the autoscaler's certificates. */
  let own: string;
  let theirs: string;
  let port: number;
  let server: SamplesServer;
  let channels: SampleChannels;
  const tokens: string[] = [];

  const serve = () =>
    serveSamples({
      port,
      tlsDirectory: theirs,
      clientName: "aml-inference-router.fe.svc",
      authenticate: (token) => {
        tokens.push(token);
        return Promise.resolve(
          token === "good"
            ? { ok: true, pod: { name: "fe-1", uid: "1" } }
            : { ok: false, status: 401, message: "the token is not good" },
        );
      },
      routers: () => new Map([["fe-1", { uid: "1", addresses: ["127.0.0.1"] }]]),
      monotonicMs: () => performance.now(),
    });
  const view = () => server.views.get("fe-1");
  const inFlight = (id: string) => view()?.endpoints.get(id)?.versions["blue"]?.inFlight;

  before(async () => {
    authority = await makeAuthority();
  });
  beforeEach(async () => {
    tokens.length = 0;
    [own, theirs] = [makeMountFolder(), makeMountFolder()];
    mountFiles(own, await authority.router("fe"));
    mountFiles(theirs, await authority.autoscaler("fe"));
    directory = mkdtempSync(join(tmpdir(), "aml-channel-"));
    writeFileSync(join(directory, "token"), "good\n");
    port = await freePort();
    server = await serve();
    channels = new SampleChannels({
      router: "fe-1",
      tokenFile: join(directory, "token"),
      tlsDirectory: own,
      serverName: "aml-inference-autoscaler.fe.svc",
      full: () => ({ full: true, endpoints: { "ns/churn": endpoint(0), "ns/other": endpoint(0) } }),
    });
  });
  afterEach(async () => {
    channels.close();
    await server.close();
    for (const folder of [directory, own, theirs]) rmSync(folder, { recursive: true });
  });
  const autoscaler = () => sliceOf("autoscaler", { a: `127.0.0.1:${port}` });

  it("begin with everything, then tell what changed", async () => {
    channels.follow(autoscaler());
    await until(() => view() !== undefined);
    channels.send({ full: false, endpoints: { "ns/churn": endpoint(1) } });
    await until(() => inFlight("ns/churn") === 1);
    assert.equal(inFlight("ns/other"), 0);
  });

  it("open again with everything when the autoscaler was away, with the token as it is then", async () => {
    channels.follow(autoscaler());
    await until(() => view() !== undefined);
    await server.close();
    writeFileSync(join(directory, "token"), "rotated");
    server = await serve();
    await until(() => tokens.includes("rotated"));
    assert.equal(view(), undefined);
    writeFileSync(join(directory, "token"), "good");
    await until(() => view() !== undefined);
    assert.equal(inFlight("ns/other"), 0);
  });

  it("close when the pod is gone", async () => {
    channels.follow(autoscaler());
    await until(() => view() !== undefined);
    channels.follow([]);
    channels.send({ full: false, endpoints: { "ns/churn": endpoint(1) } });
    await server.close();
    assert.equal(inFlight("ns/churn"), 0);
  });

  describe("with certificates", function () {
    this.timeout(30_000);
    /** What both sides log. */
    let lines: string[];
    const write = process.stdout.write.bind(process.stdout);
    beforeEach(() => {
      lines = [];
      process.stdout.write = (text: string | Uint8Array) => {
        lines.push(String(text));
        return write(text);
      };
    });
    afterEach(() => {
      process.stdout.write = write;
    });
    const logged = (text: string) => lines.filter((line) => line.includes(text)).length;
    const served = () => logged("the mounted certificate is served");
    /** No sample arrives and no token is sent, for the reason that is logged. */
    async function isRefused(why: string) {
      channels.follow(autoscaler());
      await until(() => logged(why) > 1);
      assert.equal(view(), undefined);
      assert.deepEqual(tokens, []);
    }

    it("refuse an autoscaler of another authority, before they send a token", async () => {
      mountFiles(own, await (await makeAuthority()).router("fe"));
      await isRefused("certificate signature failure");
    });

    it("refuse a server with another role's name, though its authority is theirs", async () => {
      await server.close();
      mountFiles(theirs, await authority.router("fe"));
      server = await serve();
      await isRefused("does not match certificate's altnames");
    });

    it("refuse an autoscaler whose certificate has expired", async () => {
      await server.close();
      mountFiles(theirs, await authority.autoscaler("fe", new Date("2026-01-02")));
      server = await serve();
      await isRefused("certificate has expired");
    });

    it("stay open while both sides' certificates are renewed, and open again with the new ones", async () => {
      channels.follow(autoscaler());
      await until(() => view() !== undefined);
      mountFiles(own, await authority.router("fe"));
      mountFiles(theirs, await authority.autoscaler("fe"));
      await until(() => served() === 1);
      channels.send({ full: false, endpoints: { "ns/churn": endpoint(1) } });
      await until(() => inFlight("ns/churn") === 1);
      assert.equal(tokens.length, 1);
      channels.follow([]);
      await until(() => logged("stopped reporting") === 1);
      channels.follow(autoscaler());
      await until(() => inFlight("ns/churn") === 0);
      assert.equal(tokens.length, 2);
    });

    it("come back by themselves when the authority is replaced, whoever sees it first", async () => {
      for (const isOursFirst of [true, false]) {
        const next = await makeAuthority();
        const files: [string, SecretFiles][] = [
          [own, await next.router("fe")],
          [theirs, await next.autoscaler("fe")],
        ];
        if (!isOursFirst) files.reverse();
        const [[firstFolder, firstFiles] = ["", {}], [lastFolder, lastFiles] = ["", {}]] = files;
        mountFiles(firstFolder, firstFiles);
        if (!isOursFirst) await until(() => served() === 1);
        channels.follow(autoscaler());
        await until(() => logged("the metrics channel to the autoscaler failed") > 1);
        assert.equal(view(), undefined);
        mountFiles(lastFolder, lastFiles);
        await until(() => view() !== undefined);
        channels.follow([]);
        await until(() => logged("stopped reporting") === 1);
        server.forget("fe-1");
        lines.length = 0;
      }
    });

    it("serve the former certificate while the mounted files don't belong together, and say so once", async () => {
      channels.follow(autoscaler());
      await until(() => view() !== undefined);
      const [one, other] = [await authority.autoscaler("fe"), await authority.autoscaler("fe")];
      mountFiles(theirs, { ...one, "tls.key": other["tls.key"] ?? "" });
      await until(() => logged("must belong together") > 0);
      channels.follow([]);
      await until(() => logged("stopped reporting") === 1);
      channels.follow(autoscaler());
      await until(() => tokens.length === 2);
      mountFiles(theirs, one);
      await until(() => served() === 1);
      assert.equal(logged("must belong together"), 1);
      assert.equal(logged("PRIVATE"), 0);
    });
  });
});
