// HAProxy's commands: what may be written, and what each reply means.
import assert from "node:assert/strict";
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
    assert.match("Closed.", close.done);
    assert.match("Busy.", close.later ?? /^$/);
    assert.match("Server deleted.", remove.done);
    assert.match("No such server.", remove.done);
    assert.match(
      "Server still has connections attached to it, cannot remove it.",
      remove.later ?? /^$/,
    );
    assert.doesNotMatch("Permission denied", remove.later ?? /^$/);
    assert.match("", set.done);
    assert.doesNotMatch("entry not found.", set.done);
  });

  it("finds the reply behind what HAProxy's log put before it", () => {
    assert.ok(close && set);
    const noise = "Server o.q/in is going DOWN for maintenance. 0 active servers left.\n";
    assert.match(`${noise}Closed.`, close.done);
    assert.match(noise.trim(), set.done);
  });
});
