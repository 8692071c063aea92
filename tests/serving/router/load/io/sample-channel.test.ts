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
import { freePort } from "../../../../support/free-port";
import { sliceOf } from "../../../../support/model-endpoints";
import { until } from "../../../../support/test-router";

const endpoint = (inFlight: number): EndpointSample => ({
  appliedGeneration: 1,
  versions: { blue: { inFlight, queued: 0, slots: 1, arrivals: 7, draining: { b: 0 } } },
});

describe("SampleChannels", () => {
  let directory: string;
  let port: number;
  let server: SamplesServer;
  let channels: SampleChannels;
  const tokens: string[] = [];

  const serve = () =>
    serveSamples({
      port,
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

  beforeEach(async () => {
    tokens.length = 0;
    directory = mkdtempSync(join(tmpdir(), "aml-channel-"));
    writeFileSync(join(directory, "token"), "good\n");
    port = await freePort();
    server = await serve();
    channels = new SampleChannels({
      router: "fe-1",
      tokenFile: join(directory, "token"),
      full: () => ({ full: true, endpoints: { "ns/churn": endpoint(0), "ns/other": endpoint(0) } }),
    });
  });
  afterEach(async () => {
    channels.close();
    await server.close();
    rmSync(directory, { recursive: true });
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
});
