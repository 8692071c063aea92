// The public name of a load balancer: a label, and the region that the API server's name tells.
import assert from "node:assert/strict";
import { ROUTER_ARGUMENTS } from "../../../validation/router/router-arguments";
import { validateArgument } from "../../../values/argument-table";
import { leafDomainName } from "../../../components/router/leaf-domain";
import { KUBECONFIG } from "../../support/component-kubeconfig";

const at = (host: string) => KUBECONFIG.replace("203.0.113.1:6443", host);

describe("leafDomainName()", () => {
  for (const [host, expected] of [
    ["prod-ab12.hcp.westeurope.azmk8s.io:443", "churn.westeurope.cloudapp.azure.com"],
    ["prod-ab12.1f2e3d.privatelink.eastus2.azmk8s.io:443", "churn.eastus2.cloudapp.azure.com"],
    [
      "prod-ab12.hcp.usgovvirginia.cx.aks.containerservice.azure.us",
      "churn.usgovvirginia.cloudapp.usgovcloudapi.net",
    ],
    [
      "prod-ab12.hcp.chinaeast2.cx.prod.service.azk8s.cn",
      "churn.chinaeast2.cloudapp.chinacloudapi.cn",
    ],
    ["api.contoso.com", undefined],
    ["203.0.113.1:6443", undefined],
  ] as const) {
    it(`is ${expected ?? "unknown"} for the API server ${host}`, () => {
      assert.equal(leafDomainName("churn", at(host)), expected);
    });
  }

  it("is unknown for what is no kubeconfig", () => {
    assert.equal(leafDomainName("churn", "a: b"), undefined);
  });
});

describe("leafDomainLabel", () => {
  it("knows Azure's rule at its bounds", () => {
    const { leafDomainLabel: rule } = ROUTER_ARGUMENTS;
    const legal = (label: unknown) =>
      validateArgument("leafDomainLabel", label, rule, undefined).length === 0;
    assert.deepEqual([undefined, "abc", `a${"-".repeat(61)}z`, "a-1"].filter(legal).length, 4);
    assert.deepEqual(["", "ab", "1bc", "ab-", "aBc", "a.c", "a".repeat(64), 7].filter(legal), []);
  });
});
