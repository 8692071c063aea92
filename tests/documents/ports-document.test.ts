// docs/ports.md lists what our pods listen at, and the code listens at nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SAMPLES_PATH, SAMPLES_PORT } from "../../contracts/metrics-channel/router-sample";
import * as autoscaler from "../../contracts/pods/autoscaler-environment";
import * as router from "../../contracts/pods/router-environment";
import { autoscalerRelease } from "../../provider/autoscaler-deployment/core/autoscaler-objects";
import { bundleOf } from "../../provider/release/core/bundle-config-map";
import { routerRelease } from "../../provider/router-deployment/core/router-objects";
import { renderHaproxyConfig } from "../../serving/router/haproxy/core/render-haproxy-config";
import { projectRoot } from "../../tools/checkout";

const rows = readFileSync(join(projectRoot, "docs/ports.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| (router|autoscaler) /.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, pod = "", port = "", , path = ""]) => `${pod} ${port} ${path.replaceAll("`", "")}`);

const SPEC = {
  namespace: "ns",
  image: "node:24",
  agentImage: "node:24",
  haproxyImage: "haproxy:3.4",
  replicas: 1,
  serviceAccountName: "account",
  routerName: "router",
  routerServiceAccountName: "account",
  autoscalerServiceName: "autoscaler",
  tlsSecretName: "tls",
  resources: {},
  agentResources: {},
  haproxyResources: {},
};

/** `<pod> <port>` of each container port. */
function containerPorts(pod: string, { deployment }: ReturnType<typeof routerRelease>): string[] {
  const { containers, initContainers = [] } = (
    deployment.spec as unknown as {
      readonly template: {
        readonly spec: Record<
          "containers" | "initContainers",
          readonly { readonly ports?: readonly { readonly containerPort: number }[] }[] | undefined
        >;
      };
    }
  ).template.spec;
  return [...(containers ?? []), ...initContainers]
    .flatMap(({ ports = [] }) => ports)
    .map(({ containerPort }) => `${pod} ${containerPort}`);
}

describe("docs/ports.md", () => {
  it("has every port of the pods, and no other", () => {
    const bundle = bundleOf("code");
    const declared = [
      ...containerPorts("router", routerRelease({ ...SPEC, name: "router" }, bundle)),
      ...containerPorts("autoscaler", autoscalerRelease({ ...SPEC, name: "autoscaler" }, bundle)),
    ];
    const documented = rows.map((row) => row.split(" ").slice(0, 2).join(" "));
    assert.deepEqual([...new Set(documented)].sort(), [...new Set(declared)].sort());
  });

  it("has every port that HAProxy binds", () => {
    const config = renderHaproxyConfig({
      directory: router.SHARED_DIRECTORY,
      abstractName: "aml",
      httpBind: `:${router.HTTP_PORT}`,
      healthBind: `:${router.HEALTH_PORT}`,
      tls: { bind: `:${router.HTTPS_PORT}`, certificateFile: "tls.crt", keyFile: "tls.key" },
    });
    const bound = [...config.matchAll(/^ *bind :(\d+)/gm)].map(([, port]) => `router ${port}`);
    const documented = rows.filter((row) => row.startsWith("router"));
    assert.deepEqual(
      [...new Set(bound)].sort(),
      [...new Set(documented.map((row) => row.split(" ").slice(0, 2).join(" ")))].sort(),
    );
    assert.doesNotMatch(config, /^ *stats (enable|uri)/m);
  });

  it("has every path that the code names", () => {
    assert.deepEqual(
      rows.filter((row) => !row.endsWith("*")).sort(),
      [
        `router ${router.HEALTH_PORT} ${router.READINESS_PATH}`,
        `router ${router.HEALTH_PORT} ${router.LIVENESS_PATH}`,
        `autoscaler ${SAMPLES_PORT} ${SAMPLES_PATH}`,
        `autoscaler ${autoscaler.HEALTH_PORT} ${autoscaler.HEALTH_PATH}`,
        `autoscaler ${autoscaler.HEALTH_PORT} ${autoscaler.READY_PATH}`,
      ].sort(),
    );
    const named = [router, autoscaler, { SAMPLES_PATH }].flatMap((contract) =>
      Object.entries(contract)
        .filter(([name, value]) => name.endsWith("_PATH") && typeof value === "string")
        .map(([, value]) => String(value)),
    );
    for (const path of named)
      assert.ok(
        rows.some((row) => row.endsWith(` ${path}`)),
        path,
      );
  });
});
