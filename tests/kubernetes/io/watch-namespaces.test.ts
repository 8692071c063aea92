// Watches in namespaces that come, go and may not be read, against an API server.
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ListedObject } from "../../../kubernetes/core/kube-object";
import type { ApiClient } from "../../../kubernetes/io/api-client";
import { watchNamespaces, type WatchedNamespaces } from "../../../kubernetes/io/watch-namespaces";
import { setUpApiServer } from "../../support/api-server";
import { until } from "../../support/test-router";

const PATIENCE_MS = 300;
const FORBIDDEN_MS = 1_000;

describe("watchNamespaces()", () => {
  let client: ApiClient;
  let forbidden: Set<string>;
  let isAway: boolean;
  let watches: string[];
  /** The last watch of each namespace. */
  const open = new Map<string, ServerResponse>();
  let stop: AbortController;
  let watched: WatchedNamespaces<ListedObject>;
  let changes: string[];

  function answer({ url = "" }: IncomingMessage, response: ServerResponse): void {
    const [, namespace = ""] = /namespaces\/(\w+)\/things/.exec(url) ?? [];
    if (isAway) {
      response.destroy();
      return;
    }
    if (forbidden.has(namespace)) {
      response.writeHead(403).end('{"message":"no"}');
      return;
    }
    const metadata = { name: "a", namespace, resourceVersion: "1" };
    if (!url.includes("watch=1")) {
      response.end(JSON.stringify({ metadata: { resourceVersion: "1" }, items: [{ metadata }] }));
      return;
    }
    watches.push(namespace);
    open.set(namespace, response);
    response.once("close", () => watches.splice(watches.indexOf(namespace), 1));
    response.writeHead(200).flushHeaders();
  }

  setUpApiServer(answer, (started) => ({ client } = started));
  beforeEach(() => {
    isAway = false;
    [forbidden, watches, changes, stop] = [new Set(), [], [], new AbortController()];
    watched = watchNamespaces<ListedObject>(
      client,
      (namespace) => ({ path: `/api/v1/namespaces/${namespace}/things` }),
      stop.signal,
      {
        onChange: (key, object) => changes.push(`${key} ${object ? "there" : "gone"}`),
        onKnown: (namespace) => changes.push(`${namespace} known`),
        patienceMs: PATIENCE_MS,
        forbiddenMs: FORBIDDEN_MS,
      },
    );
  });
  afterEach(async () => {
    stop.abort();
    await watched.stopped;
  });

  it("has the objects of the namespaces that it follows, and no others", async () => {
    watched.follow(new Set(["one", "two"]));
    await until(() => watches.length === 2);
    assert.deepEqual([...watched.objects.keys()].sort(), ["one/a", "two/a"]);
    changes.length = 0;
    watched.follow(new Set(["two", "three"]));
    await until(() => watched.isKnown("three") && watches.sort().join() === "three,two");
    assert.deepEqual([...watched.objects.keys()].sort(), ["three/a", "two/a"]);
    assert.deepEqual(changes, ["one/a gone", "three/a there", "three known"]);
    assert.equal(watched.isKnown("one"), false);
  });

  it("doesn't take a namespace that it may not read for an empty one, and learns when it may", async () => {
    forbidden.add("one");
    watched.follow(new Set(["one", "two"]));
    await until(() => watched.isKnown("two"));
    assert.equal(watched.isKnown("one"), false);
    assert.equal(watched.troubleIn("one"), undefined, "rights may have been granted a moment ago");
    forbidden.delete("one");
    await until(() => watched.isKnown("one"));
    assert.ok(watched.objects.has("one/a"));
  });

  it("says when it may no longer read a namespace that it has read, and when it may again", async () => {
    watched.follow(new Set(["one", "two"]));
    await until(() => watches.length === 2);
    changes.length = 0;
    forbidden.add("one");
    for (const each of open.values()) each.destroy();
    await until(() => watched.troubleIn("one") !== undefined);
    assert.match(watched.troubleIn("one") ?? "", /403: no/);
    assert.equal(watched.troubleIn("two"), undefined);
    assert.ok(watched.objects.has("one/a"), "what is known stays");
    await until(() => changes.join() === "one known");
    forbidden.delete("one");
    await until(() => watched.troubleIn("one") === undefined);
    assert.deepEqual(changes, ["one known", "one known"]);
  });

  it("believes nothing of a namespace that has been forbidden for long, known or not, until it may be read", async () => {
    watched.follow(new Set(["one", "two"]));
    await until(() => watches.length === 2);
    forbidden.add("one").add("never");
    watched.follow(new Set(["one", "two", "never"]));
    for (const each of open.values()) each.destroy();
    await until(() => watched.troubleIn("one") !== undefined);
    assert.equal(watched.isForbidden("one"), false, "not at once");
    await until(() => watched.isForbidden("one") && watched.isForbidden("never"));
    assert.equal(watched.isForbidden("two"), false);
    changes.length = 0;
    forbidden.clear();
    await until(() => !watched.isForbidden("one") && !watched.isForbidden("never"));
    assert.ok(changes.includes("one known") && changes.includes("never known"), changes.join());
    assert.ok(watched.objects.has("one/a"));
  });

  it("takes a server that is away for no loss of rights, also when it forbade a moment before", async () => {
    watched.follow(new Set(["one"]));
    await until(() => watches.length === 1);
    forbidden.add("one");
    for (const each of open.values()) each.destroy();
    await until(() => watched.troubleIn("one")?.includes("403") === true);
    isAway = true;
    await until(() => watched.troubleIn("one")?.includes("403") === false);
    await sleep(2 * FORBIDDEN_MS);
    assert.equal(watched.isForbidden("one"), false);
    isAway = false;
    await until(() => watched.troubleIn("one")?.includes("403") === true);
    assert.equal(watched.isForbidden("one"), false, "counted from now on");
  });

  it("watches a namespace that came back", async () => {
    watched.follow(new Set(["one"]));
    watched.follow(new Set());
    watched.follow(new Set(["one"]));
    await until(() => watched.objects.has("one/a") && watches.join() === "one");
  });
});
