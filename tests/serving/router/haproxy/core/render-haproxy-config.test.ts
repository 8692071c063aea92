// HAProxy's configuration: the golden file, and what it never contains.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../../../tools/checkout";
import type { HaproxySettings } from "../../../../../serving/router/haproxy/core/haproxy-settings";
import { LONGEST_UPLOAD_SECONDS } from "../../../../../contracts/pods/router-environment";
import { LONGEST_BODY_SECONDS } from "../../../../../serving/router/haproxy/core/request-bodies";
import { renderHaproxyConfig } from "../../../../../serving/router/haproxy/core/render-haproxy-config";

const plain: HaproxySettings = {
  directory: "/run/aml",
  abstractName: "aml",
  httpBind: ":8080",
  healthBind: ":8081",
};
const tls = {
  bind: ":8443",
  certificateFile: "/etc/tls/tls.crt",
  keyFile: "/etc/tls/tls.key",
};

const places = { maxClients: 10_000, maxStreams: 5_000, maxVersions: 10_000 };

describe("renderHaproxyConfig()", () => {
  it("writes what tests/golden/haproxy.cfg shows", () => {
    const golden = readFileSync(join(projectRoot, "tests", "golden", "haproxy.cfg"), "utf8");
    assert.equal(renderHaproxyConfig({ ...plain, ...places, tls }), golden);
  });

  it("has nothing of peers without them, and their port, certificate and rules with them", () => {
    const alone = renderHaproxyConfig(plain);
    const peers = { bind: ":8444", directory: "/etc/peers" };
    const text = renderHaproxyConfig({ ...plain, peers });
    for (const part of ["frontend peer", "defaults forward", "virt@owners", "verify required"])
      assert.deepEqual([alone.includes(part), text.includes(part)], [false, true], part);
    assert.match(
      text,
      /bind :8444 ssl crt @peers\/router ca-file ca.crt verify required ssl-min-ver TLSv1.3/,
    );
    const kept = alone.split("\n").filter((line) => !line.includes("table arrived"));
    assert.deepEqual(
      kept.filter((line) => !text.includes(line)),
      [],
      "all other rules stay",
    );
  });

  it("redirects, refuses or serves plain HTTP beside TLS, and serves it without", () => {
    const answers = (insecureTraffic?: HaproxySettings["insecureTraffic"], settings = { tls }) => {
      const ways = insecureTraffic === undefined ? {} : { insecureTraffic };
      const text = renderHaproxyConfig({ ...plain, ...settings, ...ways });
      return [text.includes("redirect code 308"), text.includes("HttpsRequired")];
    };
    assert.deepEqual(answers(), [true, true], "without a host there is no address to redirect to");
    assert.deepEqual(answers("Refuse"), [false, true]);
    assert.deepEqual(answers("Allow"), [false, false]);
    assert.deepEqual(answers("Refuse", {} as { tls: typeof tls }), [false, false]);
  });

  it("binds no TLS port without a certificate", () => {
    assert.doesNotMatch(renderHaproxyConfig(plain), /ssl|crt/);
  });

  it("names no endpoint, no version and no replica: its servers are frontends of its own", () => {
    const servers = renderHaproxyConfig(plain).match(/^ {2}server .*$/gm);
    assert.deepEqual(servers, ["  server again abns@aml-public", "  server in abns@aml-streams"]);
  });

  it("gives a body no more time than a drain waits for it", () => {
    assert.ok(LONGEST_BODY_SECONDS <= LONGEST_UPLOAD_SECONDS);
  });
});
