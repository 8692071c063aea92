// The egress rules that a cluster needs: examples and properties.
import assert from "node:assert/strict";
import {
  DEVICE_PLUGIN_IMAGE,
  requiredEgress,
} from "../../../../components/cluster/core/required-egress";

const least = {
  location: "West Europe",
  apiServer: undefined,
  registryIds: [],
  monitoring: false,
  azurePolicy: false,
  defender: false,
  devicePlugin: false,
};
const names = (features: object) =>
  requiredEgress({ ...least, ...features }).map(({ fqdn }) => fqdn);

describe("requiredEgress()", () => {
  it("names the API server, or all of the region while it is not known", () => {
    assert.ok(names({}).includes("*.hcp.westeurope.azmk8s.io"));
    assert.ok(
      names({ apiServer: "prod.hcp.westeurope.azmk8s.io" }).includes(
        "prod.hcp.westeurope.azmk8s.io",
      ),
    );
  });

  it("names each destination once, also those of two add-ons", () => {
    const both = names({ monitoring: true, metrics: true });
    assert.deepEqual(both, [...new Set(both)]);
    const handler = "westeurope.handler.control.monitor.azure.com";
    assert.ok(both.includes(handler) && names({ metrics: true }).includes(handler));
    assert.ok(!names({}).some((name) => /monitor/.test(name)));
  });

  it("names registries and add-ons only where they are used", () => {
    const of = names({ registryIds: ["/subscriptions/s/…/registries/acme"], azurePolicy: true });
    assert.ok(of.includes("acme.azurecr.io") && of.includes("data.policy.core.windows.net"));
    assert.ok(!names({}).some((name) => /azurecr|policy|opinsights|defender/.test(name)));
  });

  it("needs nothing of Azure ML", () => {
    const all = names({
      monitoring: true,
      azurePolicy: true,
      defender: true,
      registryIds: ["/r/acme"],
    });
    assert.ok(!all.some((name) => /azureml|kusto|table\.core/.test(name)));
  });
});

describe("requiredEgress() with a device plugin", () => {
  it("names the registry of its image", () => {
    const [registry] = DEVICE_PLUGIN_IMAGE.split("/");
    const rules = requiredEgress({ ...least, devicePlugin: true });
    assert.ok(rules.some(({ fqdn }) => fqdn === registry));
  });
});
