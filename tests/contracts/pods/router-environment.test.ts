// The router agent's environment: what is required, the defaults, and every problem at once.
import assert from "node:assert/strict";
import { DEFAULT_QUOTA } from "../../../contracts/model-endpoint/admission";
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
        admission: { quota: DEFAULT_QUOTA },
        tokenFile: DEFAULT_TOKEN_FILE,
        internalTlsDirectory: "/etc/aml-inference/internal-tls",
        directory: SHARED_DIRECTORY,
      },
    });
  });

  it("reads how HAProxy treats its clients", () => {
    const environment = {
      POD_NAME: "fe-1",
      AML_INSECURE_TRAFFIC: "Refuse",
      AML_TRUSTED_PROXIES: "10.0.0.0/8,192.0.2.0/24",
      AML_BODY_MEMORY_BYTES: "500000000",
    };
    assert.deepEqual(readEnvironment(environment), {
      ok: true,
      settings: {
        podName: "fe-1",
        admission: { quota: DEFAULT_QUOTA },
        tokenFile: DEFAULT_TOKEN_FILE,
        internalTlsDirectory: "/etc/aml-inference/internal-tls",
        directory: SHARED_DIRECTORY,
        insecureTraffic: "Refuse",
        trustedProxies: ["10.0.0.0/8", "192.0.2.0/24"],
        bodyMemoryBytes: 500_000_000,
      },
    });
  });

  it("names every variable that is missing or illegal", () => {
    const environment = {
      AML_AUTOSCALER_SERVICE: "scaler",
      AML_INSECURE_TRAFFIC: "yes",
      AML_TRUSTED_PROXIES: "10.0.0.0/8,10.0.0.1\nglobal",
      AML_BODY_MEMORY_BYTES: "1Gi",
    };
    assert.deepEqual(readEnvironment(environment), {
      ok: false,
      problems: [
        "POD_NAME must be set: it is empty",
        "AML_AUTOSCALER_SERVICE must be <namespace>/<name>: it is scaler",
        "AML_INSECURE_TRAFFIC must be Redirect or Refuse or Allow: it is yes",
        "AML_TRUSTED_PROXIES must be ranges like 10.240.0.0/16, with commas: one is 10.0.0.1\nglobal",
        "AML_BODY_MEMORY_BYTES must be bytes: it is 1Gi",
      ],
    });
  });
});
