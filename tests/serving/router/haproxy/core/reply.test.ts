// Replies of HAProxy 3.4.7 to the commands of each step, as it gave them.
import assert from "node:assert/strict";
import { classifyReply } from "../../../../../serving/router/haproxy/core/reply";
import { renderStep, type Step } from "../../../../../serving/router/haproxy/core/step";

/** Names that say something else, where HAProxy's replies name them. */
const NAMES = [
  ...["blue", "error-detection", "not-found", "unknown", "invalid-x", "usage", "in-use", "busy"],
  ...["queued", "registered", "deleted", "published", "closed"],
];

type Kind = "done" | "later" | "failed";

/** Each command of the step by its index, the reply, and what it means. */
type Row = readonly [step: Step, command: number, reply: string, kind: Kind];

function transcript(name: string): readonly Row[] {
  const version = `ns.${name}.${name}`;
  const endpoint = name;
  const replica = name;
  const used = "Server still has connections attached to it, cannot remove it.";
  const deleteOuter = [
    `Server o.${version}/in is going DOWN for maintenance. 0 active and 0 backup servers left. 1 sessions active, 0 requeued, 0 remaining in queue.`,
    `backend 'o.${version}' has no server available!`,
    `Server i.${version}/${replica} is going DOWN for maintenance. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.`,
    `backend 'i.${version}' has no server available!`,
    `Server i.${version}/${replica} is UP/READY (leaving forced maintenance).`,
    "Server deleted.",
    "Server deleted.",
  ];
  const logged = deleteOuter.join("\n");
  return [
    [{ kind: "addInner", version }, 0, "New backend registered.", "done"],
    [
      { kind: "addInner", version },
      0,
      `Error during backend creation : name is already used by other proxy 'backend i.${version}'.`,
      "failed",
    ],
    [{ kind: "addOuter", version }, 0, "Cannot find default proxy 'outer'.", "failed"],
    [{ kind: "addOuterServer", version }, 0, "New server registered.", "done"],
    [
      { kind: "addOuterServer", version },
      0,
      "Already exists a server with the same name in backend.",
      "failed",
    ],
    [{ kind: "openVersion", version }, 0, "", "done"],
    [{ kind: "openVersion", version }, 0, "No such server.", "failed"],
    [{ kind: "openVersion", version }, 1, "Plugged.", "done"],
    [{ kind: "openVersion", version }, 1, "Not plugged.", "failed"],
    [{ kind: "openVersion", version }, 2, "Backend published.", "done"],
    [{ kind: "openVersion", version }, 2, "Backend unpublished.", "failed"],
    [{ kind: "openVersion", version }, 3, "No such backend.", "failed"],
    [{ kind: "unpublishVersion", version }, 0, "Backend unpublished.", "done"],
    [{ kind: "closeVersion", version }, 0, "Closed.", "done"],
    [{ kind: "closeVersion", version }, 0, "Queued.", "later"],
    [{ kind: "closeVersion", version }, 0, "Busy.", "later"],
    [{ kind: "deleteOuterServer", version }, 0, "Server deleted.", "done"],
    [{ kind: "deleteOuterServer", version }, 0, used, "later"],
    [
      { kind: "deleteOuterServer", version },
      0,
      "Only servers in maintenance mode can be deleted.",
      "failed",
    ],
    [{ kind: "deleteVersion", version }, 0, "Backend deleted.", "done"],
    [{ kind: "deleteVersion", version }, 0, `${logged}\nBackend deleted.`, "done"],
    [{ kind: "deleteVersion", version }, 0, logged, "failed"],
    [{ kind: "deleteVersion", version }, 0, "No such backend.", "done"],
    [
      { kind: "deleteVersion", version },
      0,
      "Only a backend without server can be deleted.",
      "failed",
    ],
    [
      { kind: "deleteVersion", version },
      0,
      "Backend must be unpublished prior to its deletion.",
      "failed",
    ],
    [{ kind: "deleteVersion", version }, 0, "Backend still has attached streams on it.", "later"],
    [{ kind: "deleteVersion", version }, 1, "Backend unpublished.", "done"],
    [{ kind: "deleteVersion", version }, 1, "No such backend.", "done"],
    [{ kind: "deleteVersion", version }, 2, "Backend deleted.", "done"],
    [
      { kind: "addReplica", version, replica, address: "10.0.0.1:1", limit: 1 },
      0,
      "New server registered.",
      "done",
    ],
    [{ kind: "useReplica", version, replica, limit: 1 }, 0, "Used.", "done"],
    [{ kind: "useReplica", version, replica, limit: 1 }, 0, "No such replica.", "failed"],
    [{ kind: "drainReplica", version, replica }, 0, "Draining.", "done"],
    [{ kind: "deleteReplica", version, replica }, 0, "Server deleted.", "done"],
    [{ kind: "deleteReplica", version, replica }, 0, "No such server.", "done"],
    [{ kind: "deleteReplica", version, replica }, 0, used, "later"],
    [{ kind: "setRoute", endpoint, route: `None:10000:${name}`, known: true }, 0, "", "done"],
    [
      { kind: "setRoute", endpoint, route: `None:10000:${name}`, known: true },
      0,
      "entry not found.",
      "failed",
    ],
    [{ kind: "deleteRoute", endpoint }, 0, "Key not found.", "failed"],
    [
      { kind: "addKey", key: `${endpoint}:abc` },
      0,
      "Unknown map identifier. Please use #<id> or <file>.",
      "failed",
    ],
    [{ kind: "setReady", ready: false }, 0, "", "done"],
    [
      { kind: "setReady", ready: true },
      0,
      `Server o.${version}/in is DOWN, reason: error`,
      "failed",
    ],
  ];
}

describe("classifyReply()", () => {
  for (const name of NAMES) {
    it(`reads what HAProxy replied about an endpoint, version and replica named ${name}`, () => {
      for (const [step, command, reply, kind] of transcript(name)) {
        const sent = renderStep(step, "aml")[command];
        assert.ok(sent);
        assert.equal(classifyReply(sent, reply).kind, kind, `${sent.text}: ${reply}`);
      }
    });
  }

  it("takes a name in the place of a reply for a failure", () => {
    const [close] = renderStep({ kind: "closeVersion", version: "ns.Closed..blue" }, "aml");
    assert.ok(close);
    for (const reply of ["ns.Closed.", "Closed. ", "Closed.\nClosed.", "closed.", ""])
      assert.equal(classifyReply(close, reply).kind, "failed", reply);
  });
});
