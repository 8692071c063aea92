// What an update says of versions that can't be rolled out: one true line for each, and one for the endpoint.
import assert from "node:assert/strict";
import { type ReplicaSet } from "../../../../kubernetes/core/workload";
import { endpointObject } from "../../../../provider/endpoint-route/core/endpoint-object";
import { reportRollOut } from "../../../../provider/endpoint-route/core/roll-out-report";
import { versionOf } from "../../../support/model-endpoints";

const replicaSet = (image: string, readyReplicas: number): ReplicaSet => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: image, namespace: "n" },
  spec: { template: { spec: { containers: [{ image }] } } },
  status: { readyReplicas },
});
const routed = endpointObject("churn", "n", {
  authentication: { mode: "None" },
  versions: [versionOf("blue"), versionOf("green")],
});
const reason = "Deployment/churn-blue can't be rolled out: it crashes";
const AS_BEFORE = "The endpoint's traffic is shared as before the update.";

describe("reportRollOut()", () => {
  it("says which template is back, how many of its replicas serve, and what became of the others", () => {
    const report = reportRollOut(
      [
        { version: "blue", ok: false, reason, former: { restored: true } },
        { version: "green", ok: true },
      ],
      routed,
      new Map([
        ["blue", [replicaSet("churn:1", 2), replicaSet("churn:2", 0)]],
        ["green", [replicaSet("churn:2", 1)]],
      ]),
    );
    assert.deepEqual(report.split("\n"), [
      `version blue: ${reason}. Its former template is back: 2 replicas of image churn:1 serve.`,
      "version green: 1 replica of image churn:2 serves.",
      AS_BEFORE,
    ]);
  });

  it("says that nothing of a first roll-out serves, and that no request arrives", () => {
    const report = reportRollOut(
      [{ version: "blue", ok: false, reason }],
      undefined,
      new Map([["blue", [replicaSet("churn:2", 0)]]]),
    );
    assert.deepEqual(report.split("\n"), [
      `version blue: ${reason}; none of its replicas is ready.`,
      "The endpoint isn't routed: no request reaches it.",
    ]);
  });

  it("says that replicas are ready, not that they serve, while no request reaches the version", () => {
    const { versions } = routed.spec;
    const spec = { ...routed.spec, versions: versions.filter(({ name }) => name === "green") };
    const report = reportRollOut(
      [{ version: "blue", ok: false, reason }],
      { ...routed, spec },
      new Map([["blue", [replicaSet("churn:1", 1), replicaSet("churn:2", 2)]]]),
    );
    assert.deepEqual(report.split("\n"), [
      `version blue: ${reason}; 1 replica of image churn:1 and 2 replicas of image churn:2 are ready.`,
      AS_BEFORE,
    ]);
  });

  it("says why the former template isn't there or isn't ready", () => {
    const line = (restored: boolean) =>
      reportRollOut(
        [{ version: "blue", ok: false, reason, former: { restored, problem: "no node" } }],
        routed,
        new Map(),
      ).split("\n")[0];
    const serving = "none of its replicas is ready.";
    assert.equal(
      line(false),
      `version blue: ${reason}. Its former template can't be restored: no node; ${serving}`,
    );
    assert.equal(
      line(true),
      `version blue: ${reason}. Its former template is back, but isn't ready: no node; ${serving}`,
    );
  });
});
