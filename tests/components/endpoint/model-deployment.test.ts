// The pods of a version: they live on for their last requests, and their probes wait for busy ones.
import assert from "node:assert/strict";
import { at, DEPLOYMENT, image, only, register } from "../../support/endpoint-registrations";

const pod = "spec.template.spec";
const container = `${pod}.containers.0`;

describe("A version's pods", () => {
  it("outlive their removal, and their probes wait, for as long as a request or a stream may take", async () => {
    const httpGet = { path: "/", port: 5001 };
    const version = { image, scoringTimeoutMs: 90_001, maxStreamSeconds: 30 };
    const livenessProbe = { initialDelaySeconds: 100, periodSeconds: 5, failureThreshold: 4 };
    const { registered } = await register({ versions: { blue: { ...version, livenessProbe } } });
    const { inputs } = only(registered, DEPLOYMENT);
    assert.equal(at(inputs, `${container}.lifecycle.preStop.sleep.seconds`), 93);
    assert.equal(at(inputs, `${pod}.terminationGracePeriodSeconds`), 123);
    assert.deepEqual(at(inputs, `${container}.startupProbe`), {
      httpGet,
      ...{ periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 120 },
    });
    assert.deepEqual(at(inputs, `${container}.readinessProbe`), {
      httpGet,
      ...{ periodSeconds: 5, timeoutSeconds: 96, failureThreshold: 1 },
    });
    assert.deepEqual(at(inputs, `${container}.livenessProbe`), {
      httpGet,
      ...{ ...livenessProbe, timeoutSeconds: 106, successThreshold: 1 },
    });
  });
});
