// What a model's container may do, and who may call it, on Pulumi's mocks.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PodSecurity } from "../../../contracts/choices";
import { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
import {
  at,
  DEPLOYMENT,
  image,
  only,
  register,
  router,
} from "../../support/endpoint-registrations";

const seccompProfile = { type: "RuntimeDefault" };

describe("A model's pods", () => {
  const security = async (version: object) => {
    const { registered } = await register({ versions: { blue: { image, ...version } } });
    const pod = at(only(registered, DEPLOYMENT).inputs, "spec.template.spec");
    return [at(pod, "securityContext"), at(pod, "containers.0.securityContext")];
  };

  it("have what Kubernetes' restricted profile asks for", async () => {
    const expected = [
      { seccompProfile, runAsNonRoot: true },
      { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    ];
    assert.deepEqual(await security({}), expected);
    const later = pulumi.output<PodSecurity | undefined>(undefined);
    assert.deepEqual(await security({ podSecurity: later, runAsUser: later }), expected);
    assert.deepEqual(await security({ runAsUser: 1001 }), [
      { ...expected[0], runAsUser: 1001 },
      expected[1],
    ]);
  });

  it("may be root with Baseline, and still forge no packets", async () => {
    assert.deepEqual(await security({ podSecurity: pulumi.output(PodSecurity.Baseline) }), [
      { seccompProfile },
      { allowPrivilegeEscalation: false, capabilities: { drop: ["NET_RAW"] } },
    ]);
  });

  it("are named in a preview where they may do more, or show a secret", async () => {
    const logged: string[] = [];
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "project", "stack", true, "organization");
    const { warn } = pulumi.log;
    const told = (text: string) => Promise.resolve(void logged.push(text));
    try {
      Object.assign(pulumi.log, { warn: told });
      const hush = pulumi.secret("hush");
      const versions = {
        blue: { image, isDefault: true, command: ["serve"], args: ["--token", hush] },
        green: { image, podSecurity: PodSecurity.Baseline, environmentVariables: { A: hush } },
        red: { image, podSecurity: PodSecurity.Privileged, podTemplate: pulumi.secret({}) },
      };
      new AmlModelEndpoint("churn", { router, namespace: "models", versions });
      for (let wait = 0; wait < 500 && logged.length < 4; wait += 1) {
        await new Promise((done) => setImmediate(done));
      }
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    assert.deepEqual(logged.map((text) => text.split(/: its|, which will/)[0]).sort(), [
      "versions.blue.args has a secret",
      "versions.green.podSecurity is Baseline",
      "versions.red.podSecurity is Privileged",
      "versions.red.podTemplate has a secret",
    ]);
    assert.ok(!logged.join().includes("hush"));
  });

  it("may be called by the router's pods alone, at the model's port", async () => {
    const { registered } = await register({ namespace: "models" });
    const { inputs } = only(registered, "kubernetes:networking.k8s.io/v1:NetworkPolicy");
    assert.equal(at(inputs, "metadata.namespace"), "models");
    const labels = { "aml-inference.io/endpoint": "churn" };
    assert.deepEqual(inputs["spec"], {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: {
                matchLabels: { "kubernetes.io/metadata.name": "aml-inference" },
              },
              podSelector: { matchLabels: { "app.kubernetes.io/name": "aml-inference-router" } },
            },
          ],
          ports: [{ port: 5001, protocol: "TCP" }],
        },
      ],
    });
    const pods = at(only(registered, DEPLOYMENT).inputs, "spec.template.metadata.labels");
    assert.deepEqual({ ...(pods as object), ...labels }, pods);
  });
});
