// The client against a real HTTPS server: what it sends, and what becomes of connections that break.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  type ApiClient,
  createApiClient,
  describeFailure,
} from "../../../kubernetes/io/api-client";
import { KubeError } from "../../../kubernetes/io/kube-error";
import { podCredentials } from "../../../kubernetes/io/pod-credentials";
import { type ApiServer, setUpApiServer } from "../../support/api-server";

describe("The API client", () => {
  let server: ApiServer;
  let client: ApiClient;
  let answer: (request: IncomingMessage, response: ServerResponse) => unknown;

  setUpApiServer(
    (request, response) => answer(request, response),
    (started) => ({ server, client } = started),
  );

  const isUnreachable = (why: RegExp) => (error: unknown) => {
    assert.ok(error instanceof KubeError);
    assert.equal(error.reason, "Unreachable");
    assert.match(
      error.message,
      /^Can't GET \/things: the cluster at https:\/\/localhost:\d+ can't/,
    );
    assert.match(error.detail, why);
    return true;
  };

  it("sends a DELETE's body whole, and shows every request the token as it is then", async () => {
    const seen: unknown[] = [];
    answer = async (request, response) => {
      const { authorization } = request.headers;
      seen.push([request.method, request.url, authorization, await text(request)]);
      response.end("{}");
    };
    await client.request({ method: "DELETE", path: "/things/a", body: { kind: "DeleteOptions" } });
    await server.renewToken("second");
    await client.request({ method: "GET", path: "/things", query: { labelSelector: "a=b,c" } });
    assert.deepEqual(seen, [
      ["DELETE", "/things/a", "Bearer first", `{"kind":"DeleteOptions"}`],
      ["GET", "/things?labelSelector=a%3Db%2Cc", "Bearer second", ""],
    ]);
  });

  it("keeps the base path of the server before every path", async () => {
    const { server: url } = server.credentials;
    const behind = createApiClient({ ...server.credentials, server: `${url}/k8s/clusters/c-1/` });
    answer = (request, response) => response.end(JSON.stringify({ url: request.url }));
    const { body } = await behind.request({ method: "GET", path: "/api/v1/pods" });
    behind.close();
    assert.deepEqual(body, { url: "/k8s/clusters/c-1/api/v1/pods" });
  });

  it("gives a refusal as a value, in JSON or not", async () => {
    for (const [content, described] of [
      [`{"kind":"Status","message":"pods is forbidden"}`, "403: pods is forbidden"],
      ["nobody gets in", "403: nobody gets in"],
    ]) {
      answer = (_, response) => response.writeHead(403).end(content);
      const response = await client.request({ method: "GET", path: "/things" });
      assert.equal(describeFailure(response), described);
    }
  });

  it("refuses a success that is not JSON, such as a proxy's login page", async () => {
    answer = (_, response) => response.end("<html>");
    await assert.rejects(client.request({ method: "GET", path: "/things" }), {
      message: "Can't GET /things: the answer must be JSON: it begins with <html>",
    });
  });

  it("gives up after its limit, though the answer has begun and goes on", async () => {
    answer = (_, response) => {
      const dribble = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(dribble));
    };
    const asked = client.request({ method: "GET", path: "/things", timeoutMs: 200 });
    await assert.rejects(asked, isUnreachable(/^no answer within 0\.2 s$/));
  });

  it("fails a request whose connection is reset before or within the answer", async () => {
    answer = () => server.reset();
    const request = { method: "GET", path: "/things" } as const;
    await assert.rejects(client.request(request), isUnreachable(/ECONNRESET|socket hang up/));
    await assert.rejects(client.stream(request), isUnreachable(/ECONNRESET|socket hang up/));
    answer = (_, response) => response.write("{", () => server.reset());
    await assert.rejects(client.request(request), isUnreachable(/ECONNRESET|aborted/));
  });

  it("throws a stream's reset at its reader, early or late, and nowhere else: no signal is passed", async () => {
    for (const isRead of [true, false]) {
      answer = (_, response) => response.write("begun");
      const stream = await client.stream({ method: "GET", path: "/things" });
      const reading = isRead ? assert.rejects(text(stream), /ECONNRESET|aborted/) : undefined;
      const closed = once(stream, "close").catch(() => undefined);
      server.reset();
      await closed;
      await (reading ?? assert.rejects(text(stream), /ECONNRESET|aborted/));
    }
  });

  it("throws a stream's silence at its reader: no signal is passed", async () => {
    answer = (_, response) => response.write("begun");
    const stream = await client.stream({ method: "GET", path: "/things", timeoutMs: 200 });
    await assert.rejects(text(stream), /^Error: no answer within 0\.2 s$/);
  });

  it("ends a request and a stream when the signal says so", async () => {
    answer = (_, response) => response.write("begun");
    const stop = new AbortController();
    const options = { method: "GET", path: "/things", signal: stop.signal } as const;
    const stream = await client.stream(options);
    const ends = [
      assert.rejects(text(stream), /aborted/),
      assert.rejects(client.request(options), isUnreachable(/aborted/)),
    ];
    stop.abort();
    await Promise.all(ends);
  });
});

describe("podCredentials()", () => {
  it("writes an IPv6 address in brackets", () => {
    const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    assert.equal(podCredentials(environment).server, "https://[fd00::1]:443");
  });

  it("refuses an environment that is no pod's", () => {
    assert.throws(() => podCredentials({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }), {
      message:
        'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set, as in every pod: they are "10.0.0.1" and ""',
    });
  });

  it("names the file that can't be read in the request's error", async () => {
    const client = createApiClient(
      podCredentials({
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: "1",
        SERVICE_ACCOUNT_DIRECTORY: "/nowhere",
      }),
    );
    await assert.rejects(
      client.request({ method: "GET", path: "/things" }),
      /Can't GET \/things: ENOENT: no such file or directory, open '\/nowhere\/(token|ca\.crt)'/,
    );
  });
});
