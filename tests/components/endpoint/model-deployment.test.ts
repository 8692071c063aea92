// The pods of a version: how long they live on when they are removed, and when they are restarted.
import assert from "node:assert/strict";
import { at, DEPLOYMENT, image, only, register } from "../../support/endpoint-registrations";

const pod = "spec.template.spec";
const container = `${pod}.containers.0`;

describe("A version's pods", () => {
  it("lets a replica finish what it computes: the sleep before SIGTERM covers the scoring timeout", async () => {
    const { registered } = await register({
      versions: { blue: { image, scoringTimeoutMs: 90_001 } },
    });
    const { inputs } = only(registered, DEPLOYMENT);
    assert.equal(at(inputs, `${container}.lifecycle.preStop.sleep.seconds`), 93);
    assert.equal(at(inputs, `${pod}.terminationGracePeriodSeconds`), 123);
  });

  it("gives a slow loader as long as v1 did before it is restarted", async () => {
    const livenessProbe = { initialDelaySeconds: 100, periodSeconds: 5, failureThreshold: 4 };
    const { registered } = await register({ versions: { blue: { image, livenessProbe } } });
    const { inputs } = only(registered, DEPLOYMENT);
    assert.equal(at(inputs, `${container}.startupProbe.periodSeconds`), 1);
    assert.equal(at(inputs, `${container}.startupProbe.failureThreshold`), 120);
  });
});
