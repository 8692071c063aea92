// The local cluster's settings, components and configuration files, as texts.
import assert from "node:assert/strict";
import { clusterSettings, defaultStateDir } from "../../../../tools/cluster/core/cluster-settings";
import { planCertificates } from "../../../../tools/cluster/core/plan-certificates";
import { planComponents } from "../../../../tools/cluster/core/plan-components";
import {
  renderCniConfig,
  renderContainerdConfig,
} from "../../../../tools/cluster/core/render-containerd-config";
import { renderKubeconfig } from "../../../../tools/cluster/core/render-kubeconfig";
import { renderKubeletConfig } from "../../../../tools/cluster/core/render-node-config";
import { nextRestart } from "../../../../tools/cluster/core/restart-delay";

const settings = clusterSettings();

describe("The local cluster's configuration", () => {
  it("uses only addresses that no real network has: 198.18.0.0/15 and loopback", () => {
    const text = [
      ...planComponents(settings, "kube").flatMap(({ args }) => args),
      ...planCertificates(settings).flatMap(({ subjectAltNames = [] }) => subjectAltNames),
      renderCniConfig(),
      renderKubeletConfig(settings),
    ].join("\n");
    const addresses = text.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
    assert.ok(addresses.length > 10);
    for (const address of addresses) assert.match(address, /^(198\.1[89]\.|127\.|0\.0\.0\.0$)/);
  });

  it("keeps two clusters' folders and cgroups apart", () => {
    const other = clusterSettings("/srv/other");
    assert.equal(settings.stateDir, defaultStateDir);
    assert.notEqual(other.cgroup, settings.cgroup);
    assert.ok(other.kubeconfig.startsWith("/srv/other/"));
    assert.ok(renderContainerdConfig(other, "pause:1").includes('root = "/srv/other/containerd"'));
    assert.equal(renderContainerdConfig(other, "pause:1").includes(defaultStateDir), false);
  });

  it("puts no secret into an argument: only files' names", () => {
    for (const { name, args } of planComponents(settings, "kube")) {
      for (const arg of args.filter((arg) => /key|token|password|kubeconfig/.test(arg))) {
        assert.match(arg, /=\/var\/lib\/aml-inference\//, `${name} ${arg}`);
      }
    }
  });

  it("gives etcd an authority that signs nobody who calls the API server", () => {
    const trusted = planCertificates(settings).filter(({ authority }) => authority === "etcd-ca");
    assert.deepEqual(trusted.map(({ name }) => name).sort(), ["apiserver-etcd", "etcd"]);
  });

  it("renders a kubeconfig that needs no other file", () => {
    const text = renderKubeconfig({
      server: "https://198.18.0.1:6443",
      user: "admin",
      caPem: "ca",
      certificatePem: "certificate",
      privateKeyPem: "key",
    });
    const { users } = JSON.parse(text) as { users: { user: Record<string, string> }[] };
    assert.equal(users[0]?.user["client-key-data"], Buffer.from("key").toString("base64"));
  });
});

describe("nextRestart()", () => {
  it("doubles the delay from 0.5 s to 30 s", () => {
    const delays: number[] = [];
    let failures = 0;
    for (let run = 0; run < 9; run++) {
      const next = nextRestart(failures, 100);
      failures = next.failuresInARow;
      delays.push(next.delayMs);
    }
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });

  it("starts over after a run of a minute", () => {
    assert.deepEqual(nextRestart(7, 60_000), { failuresInARow: 1, delayMs: 500 });
  });
});
