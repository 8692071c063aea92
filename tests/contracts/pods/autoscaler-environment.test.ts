// The autoscaler's environment: what is required, the defaults, and every problem at once.

import assert from "node:assert/strict";
import { DEFAULT_QUOTA } from "../../../contracts/model-endpoint/admission";
import { readEnvironment } from "../../../contracts/pods/autoscaler-environment";

const COMPLETE = {
  POD_NAME: "autoscaler-0",
  POD_NAMESPACE: "aml",
  ROUTER_POD_SELECTOR: "app=router",
  ROUTER_SERVICE_ACCOUNT: "router",
};

describe("readEnvironment() of the autoscaler", () => {
  it("fills the defaults", () => {
    assert.deepEqual(readEnvironment(COMPLETE), {
      ok: true,
      settings: {
        podName: "autoscaler-0",
        podNamespace: "aml",
        admission: { quota: DEFAULT_QUOTA },
        routerSelector: "app=router",
        routerUsername: "system:serviceaccount:aml:router",
        holdMs: 60_000,
        samplesPort: 9443,
        internalTlsDirectory: "/etc/aml-inference/internal-tls",
        healthPort: 8081,
      },
    });
  });

  it("names everything that is missing or illegal at once", () => {
    const read = readEnvironment({ ...COMPLETE, POD_NAME: "", SCALE_DOWN_WINDOW_MS: "soon" });
    assert.deepEqual(read, {
      ok: false,
      problems: [
        "POD_NAME must be set: it is empty",
        "SCALE_DOWN_WINDOW_MS must be a whole number from 1 to 86400000: it is soon",
      ],
    });
  });
});
