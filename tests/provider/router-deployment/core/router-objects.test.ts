// The router's pod: what starts, drains and ends it, and what can take it out of service.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DRAIN_FILES,
  LONGEST_DRAIN_SECONDS,
  SHARED_DIRECTORY,
  TERMINATION_GRACE_SECONDS,
} from "../../../../contracts/pods/router-environment";
import { VERSION_BOUNDS } from "../../../../contracts/model-endpoint/limits";
import { bundleOf } from "../../../../provider/release/core/bundle-config-map";
import { routerRelease } from "../../../../provider/router-deployment/core/router-objects";
import { until } from "../../../support/test-router";

interface Container {
  readonly command: readonly string[];
  readonly ports?: readonly unknown[];
  readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
  readonly restartPolicy?: string;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: string[] } } };
  readonly readinessProbe?: object;
  readonly livenessProbe?: { readonly terminationGracePeriodSeconds?: number };
}

const SPEC = {
  namespace: "ns",
  name: "router",
  agentImage: "node:24",
  haproxyImage: "haproxy:3.4",
  serviceAccountName: "account",
  agentResources: {},
  haproxyResources: {},
};
interface Template {
  readonly spec: {
    readonly terminationGracePeriodSeconds: number;
    readonly initContainers: readonly Container[];
    readonly containers: readonly Container[];
  };
}

function templateOf(more: Partial<Parameters<typeof routerRelease>[0]> = {}): Template {
  const { deployment } = routerRelease({ ...SPEC, ...more }, bundleOf("code"));
  return (deployment.spec as unknown as { readonly template: Template }).template;
}

const template = templateOf();
const [agent] = template.spec.initContainers;
const [haproxy] = template.spec.containers;

describe("routerRelease()", () => {
  it("starts the agent before HAProxy and ends it after, and lets HAProxy alone decide on the service", () => {
    assert.equal(agent?.restartPolicy, "Always");
    assert.deepEqual(
      [agent.readinessProbe, agent.livenessProbe, agent.ports],
      [undefined, undefined, undefined],
    );
    assert.ok(haproxy?.readinessProbe !== undefined);
  });

  it("mounts the certificate for autoscalers in the agent alone, and only if there are some", () => {
    const mounts = ({ spec }: Template, volume: string) =>
      [...spec.initContainers, ...spec.containers].map(({ volumeMounts }) =>
        volumeMounts.some(({ name }) => name === volume),
      );
    const both = templateOf({ autoscalerServiceName: "scaler", tlsSecretName: "public" });
    assert.deepEqual(mounts(both, "internal-tls"), [true, false]);
    assert.deepEqual(mounts(both, "tls"), [true, true]);
    assert.deepEqual(mounts(template, "internal-tls"), [false, false]);
  });

  it("gives a pod that ends time for the longest legal request, and a HAProxy that is stuck little", () => {
    const { scoringTimeoutMs } = VERSION_BOUNDS;
    assert.ok(LONGEST_DRAIN_SECONDS > scoringTimeoutMs.maximum / 1_000);
    assert.equal(template.spec.terminationGracePeriodSeconds, TERMINATION_GRACE_SECONDS);
    assert.ok(TERMINATION_GRACE_SECONDS > LONGEST_DRAIN_SECONDS);
    assert.ok((haproxy?.livenessProbe?.terminationGracePeriodSeconds ?? Infinity) <= 10);
  });

  describe("with the hook of HAProxy's container, in a real shell", function () {
    this.timeout(30_000);
    let folder: string;
    const at = (file: string) => join(folder, file);
    const inFolder = (script: string) => script.replaceAll(SHARED_DIRECTORY, folder);
    const preStop = () => {
      const [shell = "", ...args] = haproxy?.lifecycle?.preStop.exec.command ?? [];
      return spawn(shell, args.map(inFolder), { stdio: "inherit" });
    };

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "aml-hook-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("asks for a drain, and waits for a new answer", async () => {
      writeFileSync(at(DRAIN_FILES.answered), "");
      const hook = preStop();
      const ended = once(hook, "exit");
      await until(() => existsSync(at(DRAIN_FILES.requested)));
      assert.equal(existsSync(at(DRAIN_FILES.answered)), false);
      assert.equal(hook.exitCode, null);
      writeFileSync(at(DRAIN_FILES.answered), "");
      assert.deepEqual(await ended, [0, null]);
    });

    it("goes on without an answer some time after the drain's bound", async () => {
      writeFileSync(at(DRAIN_FILES.bound), "-8");
      assert.deepEqual(await once(preStop(), "exit"), [0, null]);
      assert.ok(existsSync(at(DRAIN_FILES.requested)));
    });

    it("forgets a drain when HAProxy starts: it was another one's", () => {
      for (const file of [DRAIN_FILES.requested, DRAIN_FILES.answered]) writeFileSync(at(file), "");
      const [shell = "", flag = "", script = ""] = haproxy?.command ?? [];
      const started = inFolder(script).replace("exec haproxy", "exec echo haproxy");
      const output = execFileSync(shell, [flag, started], { encoding: "utf8" });
      assert.equal(output, `haproxy -W -db -f ${folder}/haproxy.cfg\n`);
      for (const file of [DRAIN_FILES.requested, DRAIN_FILES.answered])
        assert.equal(existsSync(at(file)), false);
    });
  });
});
