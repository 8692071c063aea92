// A list and a watch through what API servers and connections do: as transcripts of answers, and on a real connection.

import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import {
  type ApiClient,
  type ApiRequest,
  createApiClient,
} from "../../../kubernetes/io/api-client";
import { type ListedObject } from "../../../kubernetes/core/kube-object";
import { watchAll, type WatchOptions } from "../../../kubernetes/io/watch";
import { openApiServer } from "../../support/api-server";

function object(name: string, resourceVersion: string): ListedObject {
  return { metadata: { name, namespace: "ns", resourceVersion } };
}

function event(type: string, of: object): string {
  return `${JSON.stringify({ type, object: of })}\n`;
}

/** One answer of the script: a list of objects, the lines of a watch, or none at all. */
type Answer =
  | {
      readonly list: readonly ListedObject[];
      readonly resourceVersion: string;
      readonly continue?: string;
    }
  | { readonly watch: readonly string[]; readonly status?: number; readonly breaks?: true }
  | "unreachable";

/** Plays the script, notes what was asked, and stops the watch at the script's end. */
async function play(script: readonly Answer[], keep?: WatchOptions<ListedObject>["keep"]) {
  const answers = [...script];
  const asked: string[] = [];
  const changes: string[] = [];
  const interruptions: string[] = [];
  const stop = new AbortController();

  function next({ query = {} }: ApiRequest): Answer {
    const page = query["continue"] === undefined ? "" : ` from ${query["continue"]}`;
    const from =
      query["watch"] === undefined ? `list${page}` : `watch from ${query["resourceVersion"]}`;
    const answer = answers.shift();
    if (answer === undefined) {
      stop.abort();
      throw new Error("the script is over");
    }
    asked.push(from);
    if (answer === "unreachable") throw new Error("connection refused");
    return answer;
  }

  const client: ApiClient = {
    request(options) {
      return Promise.resolve().then(() => {
        const answer = next(options);
        assert.ok(typeof answer === "object" && "list" in answer);
        const { list: items, ...metadata } = answer;
        return { status: 200, body: { items, metadata } };
      });
    },
    async stream(options) {
      const answer = await Promise.resolve().then(() => next(options));
      assert.ok(typeof answer === "object" && "watch" in answer);
      const body = new PassThrough();
      for (const line of answer.watch) body.write(line);
      if (answer.breaks) {
        setImmediate(() => body.destroy(new Error("connection reset")));
      } else {
        body.end();
      }
      return Object.assign(body, {
        statusCode: answer.status ?? 200,
      }) as unknown as IncomingMessage;
    },
    close: () => undefined,
  };
  const watched = watchAll<ListedObject>(client, { path: "/things" }, stop.signal, {
    ...(keep === undefined ? {} : { keep }),
    onChange: (key, changed) =>
      changes.push(`${key} ${changed?.metadata.resourceVersion ?? "gone"}`),
    onInterruption: (why) => interruptions.push(why),
  });
  if (!stop.signal.aborted) await once(stop.signal, "abort");
  await watched.stopped;
  return { asked, changes, interruptions, keys: [...watched.objects.keys()] };
}

describe("watchAll()", () => {
  it("keeps its copy by the changes, and goes on where a watch ended", async () => {
    const { asked, changes, keys } = await play([
      { list: [object("a", "1"), object("b", "2")], resourceVersion: "5" },
      {
        watch: [
          event("ADDED", object("c", "6")),
          event("MODIFIED", object("a", "7")),
          event("DELETED", object("b", "8")),
          event("BOOKMARK", { metadata: { resourceVersion: "20" } }),
        ],
      },
      { watch: [event("MODIFIED", object("c", "21"))] },
    ]);
    assert.deepEqual(asked, ["list", "watch from 5", "watch from 20"]);
    assert.deepEqual(changes, ["ns/a 1", "ns/b 2", "ns/c 6", "ns/a 7", "ns/b gone", "ns/c 21"]);
    assert.deepEqual(keys, ["ns/a", "ns/c"]);
  });

  it("lists page by page, and removes what no page has", async () => {
    const { asked, keys } = await play([
      { list: [object("a", "1"), object("b", "2")], resourceVersion: "5" },
      { watch: [], status: 410 },
      { list: [object("b", "2")], resourceVersion: "9", continue: "page-2" },
      { list: [object("c", "3")], resourceVersion: "9" },
      { watch: [] },
    ]);
    const expected = ["list", "watch from 5", "list", "list from page-2", "watch from 9"];
    assert.deepEqual(asked, expected);
    assert.deepEqual(keys, ["ns/b", "ns/c"]);
  });

  it("keeps what is asked for, and forgets an object that is no longer", async () => {
    const { changes, keys } = await play(
      [
        { list: [object("a", "1"), object("b", "2")], resourceVersion: "5" },
        { watch: [event("MODIFIED", object("a", "-6")), event("MODIFIED", object("c", "-7"))] },
      ],
      (each) => (each.metadata.resourceVersion?.startsWith("-") ? undefined : each),
    );
    assert.deepEqual(changes, ["ns/a 1", "ns/b 2", "ns/a gone"]);
    assert.deepEqual(keys, ["ns/b"]);
  });

  it("resumes after a connection that broke, without a list", async () => {
    const { asked, interruptions } = await play([
      { list: [], resourceVersion: "5" },
      { watch: [event("ADDED", object("a", "6"))], breaks: true },
      { watch: [] },
    ]);
    assert.deepEqual(asked.slice(0, 3), ["list", "watch from 5", "watch from 6"]);
    assert.match(interruptions[0] ?? "", /\/things: connection reset/);
  });

  it("lists anew when the server forgot, and tells only what changed meanwhile", async () => {
    const gone = { kind: "Status", code: 410, message: "too old resource version", metadata: {} };
    const { asked, changes } = await play([
      { list: [object("a", "1"), object("b", "2")], resourceVersion: "5" },
      { watch: [event("ERROR", gone)] },
      { list: [object("a", "1"), object("c", "9")], resourceVersion: "30" },
      { watch: [] },
    ]);
    assert.deepEqual(asked.slice(0, 4), ["list", "watch from 5", "list", "watch from 30"]);
    assert.deepEqual(changes, ["ns/a 1", "ns/b 2", "ns/c 9", "ns/b gone"]);
  });

  it("lists anew when the watch is refused", async () => {
    const { asked } = await play([
      { list: [], resourceVersion: "5" },
      { watch: [], status: 410 },
      { list: [], resourceVersion: "6" },
    ]);
    assert.deepEqual(asked, ["list", "watch from 5", "list"]);
  });

  it("goes on trying while the server is unreachable, and keeps its copy", async () => {
    const { asked, keys } = await play([
      { list: [object("a", "1")], resourceVersion: "5" },
      "unreachable",
      "unreachable",
      { watch: [] },
    ]);
    assert.deepEqual(asked.slice(0, 4), ["list", ...Array<string>(3).fill("watch from 5")]);
    assert.deepEqual(keys, ["ns/a"]);
  });
});

describe("watchAll() on a real connection", () => {
  it("goes on through a reset, silence and a 410, with a copy that is right at the end", async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const changes: string[] = [];
    const interruptions: string[] = [];
    const gone = { kind: "Status", code: 410, message: "too old resource version", metadata: {} };
    const list = (items: readonly ListedObject[], resourceVersion: string) =>
      JSON.stringify({ items, metadata: { resourceVersion } });
    const script: readonly ((response: ServerResponse) => unknown)[] = [
      (response) => response.end(list([object("a", "1")], "5")),
      // Reset when the first of two lines has come, and half of the other.
      (response) => response.write(`${event("ADDED", object("b", "6"))}{"type":"MOD`),
      // Silence, from the head on.
      (response) => response.flushHeaders(),
      (response) => response.end(event("ERROR", gone)),
      (response) => response.end(list([object("b", "6"), object("c", "29")], "30")),
      (response) => response.end(event("MODIFIED", object("c", "31"))),
    ];
    const server = await openApiServer((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "https://localhost");
      const step = script[asked.length];
      asked.push(
        searchParams.has("watch") ? `watch from ${searchParams.get("resourceVersion")}` : "list",
      );
      step?.(response);
    });
    const client = createApiClient(server.credentials);
    const watched = watchAll<ListedObject>(client, { path: "/things" }, stop.signal, {
      silenceMs: 300,
      onChange: (key, changed) => {
        const version = changed?.metadata.resourceVersion ?? "gone";
        changes.push(`${key} ${version}`);
        if (version === "6") server.reset();
        if (version === "31") stop.abort();
      },
      onInterruption: (why) => interruptions.push(why),
    });
    await watched.stopped;
    client.close();
    await server.close();
    assert.deepEqual(asked, [
      ...["list", "watch from 5", "watch from 6", "watch from 6", "list", "watch from 30"],
    ]);
    assert.deepEqual(changes, ["ns/a 1", "ns/b 6", "ns/c 29", "ns/a gone", "ns/c 31"]);
    assert.deepEqual([...watched.objects.keys()], ["ns/b", "ns/c"]);
    assert.equal(interruptions.length, 3);
    assert.match(interruptions[0] ?? "", /^\/things: .*(ECONNRESET|aborted)/);
    assert.equal(interruptions[1], "/things: no answer within 0.3 s");
    assert.equal(interruptions[2], "/things: too old resource version");
  });
});
