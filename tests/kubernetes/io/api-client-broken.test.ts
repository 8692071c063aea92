// What becomes of a connection that is reset, ended or silent at any stage: an error at the call, never of the process.
import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiRequest, createApiClient } from "../../../kubernetes/io/api-client";
import { KubeError } from "../../../kubernetes/io/kube-error";
import { type Ending, openBreakingServer } from "../../support/breaking-server";

/** What the server has sent when it breaks off. */
const UNFINISHED: Readonly<Record<string, string | undefined>> = {
  "before the handshake": undefined,
  "before the headers": "",
  "in the headers": "HTTP/1.1 200 OK\r\nContent-Le",
  "after an early hint": "HTTP/1.1 103 Early Hints\r\n\r\n",
  "after the headers": "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
  "in the body": 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"',
  "in a chunk": 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a',
  "with another protocol":
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
  "with what is no HTTP": "garbage\r\n\r\n",
  "with what is no chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
};

const FINISHED = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

const REQUEST = { method: "GET", path: "/things", timeoutMs: 400 } as const;

/** Requests and streams, read at once or late, with a signal and without. */
const CALLS = ["request", "stream", "late stream"].flatMap((kind) =>
  [undefined, new AbortController().signal].map((signal) => ({ kind, signal })),
);

async function callOn(
  client: ReturnType<typeof createApiClient>,
  { kind, signal }: (typeof CALLS)[number],
): Promise<unknown> {
  const options: ApiRequest = { ...REQUEST, ...(signal === undefined ? {} : { signal }) };
  if (kind === "request") return (await client.request(options)).body;
  const stream = await client.stream(options);
  if (kind === "late stream") await sleep(2 * REQUEST.timeoutMs);
  return text(stream);
}

describe("A broken connection to the API server", () => {
  for (const ending of ["reset", "end", "silence"] satisfies Ending[]) {
    it(`(${ending}) is an error at the call, at every stage`, async () => {
      const cases = Object.entries(UNFINISHED).map(async ([stage, bytes]) => {
        const server = await openBreakingServer({ bytes, ending });
        const client = createApiClient(server.credentials);
        await Promise.all(
          CALLS.map((each) =>
            assert.rejects(
              callOn(client, each),
              (error: unknown) => each.kind !== "request" || error instanceof KubeError,
              `${stage}: ${each.kind}`,
            ),
          ),
        );
        client.close();
        server.close();
      });
      await Promise.all(cases);
    });

    it(`(${ending}) is none of the call whose answer was complete, nor of the next one`, async () => {
      const server = await openBreakingServer({ bytes: FINISHED, ending });
      const client = createApiClient(server.credentials);
      for (const call of CALLS.filter(({ kind }) => kind !== "late stream")) {
        const answer = await callOn(client, call);
        assert.ok(call.kind === "request" ? JSON.stringify(answer) === "{}" : answer === "{}");
        // The kept connection breaks while nobody uses it.
        await sleep(100);
      }
      client.close();
      server.close();
    });
  }

  it("is an error at the call when it is never made", async () => {
    const client = createApiClient({
      server: "https://localhost:1",
      options: () => Promise.resolve({ lookup: () => undefined }),
    });
    for (const call of CALLS) {
      await assert.rejects(callOn(client, call), /no answer within 0\.4 s$/);
    }
    client.close();
  });
});
