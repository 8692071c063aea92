// readKubeConfig(): the cluster of a kubeconfig, as the Kubernetes client reads it, and a sentence for what is wrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { readKubeConfig } from "../../../kubernetes/io/kube-config";
import { projectRoot } from "../../../tools/checkout";

const cluster = { server: "https://one.example.com:6443/" };
const valid = {
  "current-context": "c",
  contexts: [
    { name: "other", context: { cluster: "two", user: "u" } },
    { name: "c", context: { cluster: "one", user: "u" } },
  ],
  clusters: [
    { name: "two", cluster: { server: "https://two.example.com" } },
    { name: "one", cluster },
  ],
  users: [{ name: "u", user: { token: "not-to-be-shown" } }],
};

describe("readKubeConfig()", () => {
  const withCluster = (more: object) => ({
    ...valid,
    clusters: [{ name: "one", cluster: { ...cluster, ...more } }],
  });

  for (const [what, config] of Object.entries({
    "one of several": valid,
    "one with an authority": withCluster({ "certificate-authority-data": "QQ==" }),
    "one behind a proxy": withCluster({ "proxy-url": "http://proxy:3128" }),
  })) {
    it(`reads the current context's cluster as the Kubernetes client does: ${what}`, () => {
      const text = JSON.stringify(config);
      const theirs = new KubeConfig();
      theirs.loadFromString(text);
      const ours = readKubeConfig(text);
      assert.ok(ours.ok);
      assert.equal(ours.identity.server, theirs.getCurrentCluster()?.server);
      assert.equal(ours.proxyUrl, theirs.getCurrentCluster()?.proxyUrl);
      assert.equal(
        ours.identity.certificateAuthority !== "",
        theirs.getCurrentCluster()?.caData !== undefined,
      );
    });
  }

  for (const [text, reason] of [
    ["{", "it is not a kubeconfig in YAML or JSON"],
    ["", "it is not a kubeconfig in YAML or JSON"],
    ["a: b", "it names no current-context"],
    [JSON.stringify({ ...valid, contexts: [] }), "its context c has no cluster"],
    [JSON.stringify({ ...valid, clusters: [] }), "its context c has no cluster"],
    [JSON.stringify({ ...valid, users: [] }), "its context c has no user"],
    [
      JSON.stringify(withCluster({ server: "http://one" })),
      "the server of cluster one must be an https URL",
    ],
    [
      JSON.stringify(withCluster({ "insecure-skip-tls-verify": true })),
      "cluster one sets insecure-skip-tls-verify: give certificate-authority-data instead",
    ],
    [
      JSON.stringify(withCluster({ "certificate-authority": "/nowhere/ca.crt" })),
      "its certificate-authority /nowhere/ca.crt can't be read",
    ],
  ] as const) {
    it(`says that ${reason}, and shows no credentials`, () => {
      const read = readKubeConfig(text);
      assert.deepEqual(read, { ok: false, message: `kubeconfig can't be used: ${reason}` });
    });
  }

  it("leaves the Kubernetes client unloaded, and so does a program that declares", () => {
    const program = `require(${JSON.stringify(join(projectRoot, "dist"))});
      const loaded = Object.keys(require.cache).filter((path) => path.includes("client-node"));
      process.exit(loaded.length);`;
    assert.equal(spawnSync(process.execPath, ["--eval", program]).status, 0);
  });
});
