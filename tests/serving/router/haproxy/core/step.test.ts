// HAProxy's commands: what may be written, and what each reply means.
import assert from "node:assert/strict";
import { classifyReply } from "../../../../../serving/router/haproxy/core/reply";
import { renderStep } from "../../../../../serving/router/haproxy/core/step";

describe("renderStep()", () => {
  it("throws for whatever would end a word or a command on HAProxy's command line", () => {
    for (const name of ["a;shutdown sessions", "a b", "a\nb", "a\\b", 'a"b', "<<", ""]) {
      assert.throws(
        () => renderStep({ kind: "deleteRoute", endpoint: name }, "aml"),
        /^Error: Unsafe for HAProxy's command line/,
      );
    }
  });

  const [close] = renderStep({ kind: "closeVersion", version: "ns.churn.blue" }, "aml");
  const [remove] = renderStep(
    { kind: "deleteReplica", version: "ns.churn.blue", replica: "a" },
    "aml",
  );
  const [set] = renderStep(
    { kind: "setRoute", endpoint: "churn", route: "None:10000:blue", known: true },
    "aml",
  );

  it("tells a reply that means done from one that means later and from a failure", () => {
    assert.ok(close && remove && set);
    assert.equal(classifyReply(close, "Closed.").kind, "done");
    assert.equal(classifyReply(close, "Busy.").kind, "later");
    assert.equal(classifyReply(remove, "Server deleted.").kind, "done");
    assert.equal(classifyReply(remove, "No such server.").kind, "done");
    assert.equal(
      classifyReply(remove, "Server still has connections attached to it, cannot remove it.").kind,
      "later",
    );
    assert.equal(classifyReply(remove, "Permission denied").kind, "failed");
    assert.equal(classifyReply(set, "").kind, "done");
    assert.equal(classifyReply(set, "entry not found.").kind, "failed");
  });

  it("finds the reply behind what HAProxy's log put before it", () => {
    assert.ok(close && set);
    const logged =
      "Server o.q/in is going DOWN for maintenance. 0 active and 0 backup servers left. 1 sessions active, 0 requeued, 0 remaining in queue.";
    assert.equal(classifyReply(close, `${logged}\nClosed.`).kind, "done");
    assert.equal(classifyReply(set, logged).kind, "done");
  });
});
