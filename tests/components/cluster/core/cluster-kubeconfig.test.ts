// The kubeconfig that AmlAksCluster gives out: examples and properties.
import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { withoutLoginPrompt } from "../../../../components/cluster/core/cluster-kubeconfig";
import { unreachableKubeconfig, withDeviceLogin } from "../../../../tools/standins/azure";

const plain = unreachableKubeconfig("prod.hcp.westeurope.azmk8s.io");

describe("withoutLoginPrompt()", () => {
  it("leaves a kubeconfig alone that asks nobody", () => {
    assert.equal(withoutLoginPrompt(plain), plain);
  });

  it("replaces a device login by a program that gets a token, and writes no token down", () => {
    const config = new KubeConfig();
    config.loadFromString(withoutLoginPrompt(withDeviceLogin(plain, "tenant")));
    const exec = config.getCurrentUser()?.exec as { command: string; args: string[] };
    assert.equal(exec.command, "node");
    assert.equal(exec.args[2], "6dae42f8-4368-4678-94ff-3960e28e3630");
    assert.equal(config.getCurrentCluster()?.server, "https://prod.hcp.westeurope.azmk8s.io:443");
  });

  it("gives the same text every time", () => {
    const once = withoutLoginPrompt(withDeviceLogin(plain, "tenant"));
    assert.equal(withoutLoginPrompt(withDeviceLogin(plain, "tenant")), once);
    assert.equal(withoutLoginPrompt(once), once);
  });
});
