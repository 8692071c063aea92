// The router agent's environment: what is required, the defaults, and every problem at once.
import assert from "node:assert/strict";
import {
  DEFAULT_TOKEN_FILE,
  readEnvironment,
  SHARED_DIRECTORY,
} from "../../../contracts/pods/router-environment";

describe("readEnvironment() of the router's agent", () => {
  it("needs the pod's name only", () => {
    assert.deepEqual(readEnvironment({ POD_NAME: "fe-1" }), {
      ok: true,
      settings: {
        podName: "fe-1",
        tokenFile: DEFAULT_TOKEN_FILE,
        directory: SHARED_DIRECTORY,
      },
    });
  });

  it("names every variable that is missing or illegal", () => {
    const environment = { AML_AUTOSCALER_SERVICE: "scaler" };
    assert.deepEqual(readEnvironment(environment), {
      ok: false,
      problems: [
        "POD_NAME must be set: it is empty",
        "AML_AUTOSCALER_SERVICE must be <namespace>/<name>: it is scaler",
      ],
    });
  });
});
