// An apply waits for the end of what is being deleted, and for a kind that is only just defined.
import assert from "node:assert/strict";
import { applyObject } from "../../../kubernetes/io/apply-object";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { openApiServer } from "../../support/api-server";

const OBJECT = {
  apiVersion: "aml-inference.io/v1",
  kind: "ModelEndpoint",
  metadata: { name: "churn", namespace: "models" },
};
const DYING = {
  ...OBJECT,
  metadata: {
    ...OBJECT.metadata,
    deletionTimestamp: "2026-01-01T00:00:00Z",
    finalizers: ["example.com/hold"],
  },
};
const NO_KIND = { kind: "Status", message: "the server could not find the requested resource" };
const NO_NAMESPACE = { kind: "Status", message: 'namespaces "models" not found' };

type Answer = readonly [status: number, body: object];

/** Applies to a server that gives these answers, the last one for ever; returns its requests, reports and time. */
async function applyTo(reads: readonly Answer[], applies: readonly Answer[]) {
  const left = { GET: [...reads], PATCH: [...applies] };
  const methods: string[] = [];
  const server = await openApiServer((request, response) => {
    const method = request.method === "PATCH" ? "PATCH" : "GET";
    methods.push(method);
    const [first, second] = left[method];
    if (second !== undefined) left[method].shift();
    const [status, body] = first ?? [500, {}];
    request.resume();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  let now = 0;
  const reports = new Set<string>();
  const clock = {
    now: () => now,
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
  try {
    const client = KubeClient.fromKubeConfig(server.kubeconfig);
    const outcome = await applyObject(client, OBJECT, {
      report: (message) => reports.add(message),
      clock,
    }).then(
      () => "applied",
      (error: unknown) => (error as Error).message,
    );
    return { outcome, methods, reports: [...reports], seconds: now / 1000 };
  } finally {
    await server.close();
  }
}

describe("applyObject()", () => {
  it("applies what doesn't exist, or lives, at once", async () => {
    for (const read of [[404, {}] as const, [200, OBJECT] as const]) {
      const { outcome, methods } = await applyTo([read], [[200, OBJECT]]);
      assert.deepEqual([outcome, ...methods], ["applied", "GET", "PATCH"]);
    }
  });

  it("waits for the end of an object that is being deleted, and says what holds it", async () => {
    const reads: Answer[] = [
      [200, DYING],
      [200, DYING],
      [404, {}],
    ];
    const { outcome, methods, reports } = await applyTo(reads, [[200, OBJECT]]);
    assert.deepEqual([outcome, ...methods], ["applied", "GET", "GET", "GET", "PATCH"]);
    assert.deepEqual(reports, [
      "waiting to create ModelEndpoint/churn again: ModelEndpoint/churn is being deleted, held by its finalizers example.com/hold",
    ]);
  });

  it("gives up after four minutes in one sentence, without an apply that would be lost", async () => {
    const { outcome, methods, seconds } = await applyTo([[200, DYING]], [[200, OBJECT]]);
    assert.equal(
      outcome,
      "Can't apply ModelEndpoint/churn in namespace models: ModelEndpoint/churn is being deleted, held by its finalizers example.com/hold, and is still there after 240 s; once it is gone, run the command again",
    );
    assert.ok(!methods.includes("PATCH"));
    assert.equal(seconds, 240);
  });

  it("waits until the kind is known, bounded, and names the way out", async () => {
    const known = await applyTo(
      [[404, NO_KIND]],
      [
        [404, NO_KIND],
        [200, OBJECT],
      ],
    );
    assert.equal(known.outcome, "applied");
    const unknown = await applyTo([[404, NO_KIND]], [[404, NO_KIND]]);
    assert.match(unknown.outcome, /has no kind ModelEndpoint .*`pulumi up --refresh`/);
    assert.equal(unknown.seconds, 15);
  });

  it("doesn't wait for a namespace that is missing", async () => {
    const { outcome, seconds } = await applyTo([[404, NO_NAMESPACE]], [[404, NO_NAMESPACE]]);
    assert.match(outcome, /namespaces "models" not found/);
    assert.equal(seconds, 0);
  });
});
