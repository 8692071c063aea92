// docs/arguments.md says what the code does: the same names, the same defaults.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AUTOSCALE_NUMBERS,
  KEY_NUMBERS,
  LIVENESS_NUMBERS,
  ROLLOUT_TIMEOUT,
  VERSION_NUMBERS,
} from "../../validation/endpoint/bounds";
import { DEFAULT_NAMESPACE, ENDPOINT_ARGUMENTS } from "../../validation/endpoint/validate-endpoint";
import {
  DEFAULT_ROUTER_NAMESPACE,
  ROUTER_ARGUMENTS,
} from "../../validation/router/validate-router";
import { SSL_ARGUMENTS } from "../../validation/router/validate-ssl";
import { VERSION_ARGUMENTS } from "../../validation/endpoint/validate-version";
import { type NumberRule } from "../../values/plain-values";
import { DEFAULT_SUBNET } from "../../components/router/router-services";

const COLUMNS = 6;

/** The rows below a heading: argument, v1's two names, default, bound, difference, without code marks. */
function table(heading: string): string[][] {
  const document = readFileSync(join(__dirname, "..", "..", "docs", "arguments.md"), "utf8");
  const section = document.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

const endpoint = table("AmlModelEndpoint");
const router = table("AmlInferenceRouter");

const names = (rows: string[][]): string[] => rows.map(([name = ""]) => name).sort();

const defaultOf = (rows: string[][], argument: string): string | undefined =>
  rows.find(([name]) => name === argument)?.[3];

const below = (path: string, members: Iterable<string>): string[] =>
  [...members].map((member) => `${path}.${member}`);

describe("docs/arguments.md", () => {
  it("has the same columns in every row", () => {
    for (const row of [...endpoint, ...router]) assert.equal(row.length, COLUMNS, row.join(" | "));
  });

  it("lists every argument of AmlModelEndpoint and no other", () => {
    const known = [
      ...ENDPOINT_ARGUMENTS,
      ...below("versions.*", VERSION_ARGUMENTS),
      ...below("versions.*.autoscale", Object.keys(AUTOSCALE_NUMBERS)),
      ...below("versions.*.livenessProbe", Object.keys(LIVENESS_NUMBERS)),
      ...below("keys", Object.keys(KEY_NUMBERS)),
      ...below("keyVersions", Object.keys(KEY_NUMBERS)),
    ];
    assert.deepEqual(names(endpoint), known.sort());
  });

  it("lists every argument of AmlInferenceRouter and no other", () => {
    const known = [
      ...ROUTER_ARGUMENTS,
      ...below("ssl", SSL_ARGUMENTS),
      ...below("images", ["haproxy", "node"]),
      ...below("resources", ["haproxy", "agent", "autoscaler"]),
    ];
    assert.deepEqual(names(router), known.sort());
  });

  const numbers: readonly (readonly [string, Readonly<Record<string, NumberRule>>])[] = [
    ["versions.*", VERSION_NUMBERS],
    ["versions.*.autoscale", AUTOSCALE_NUMBERS],
    ["versions.*.livenessProbe", LIVENESS_NUMBERS],
    ["keyVersions", KEY_NUMBERS],
  ];
  for (const [path, rules] of numbers) {
    it(`tells the defaults of ${path}`, () => {
      for (const [name, rule] of Object.entries(rules)) {
        if (rule.default === undefined) continue;
        assert.equal(defaultOf(endpoint, `${path}.${name}`), String(rule.default), name);
      }
    });
  }

  it("tells the defaults that are not numbers of a version", () => {
    assert.equal(defaultOf(endpoint, "namespace"), DEFAULT_NAMESPACE);
    assert.equal(defaultOf(endpoint, "rolloutTimeoutSeconds"), String(ROLLOUT_TIMEOUT.default));
    assert.equal(defaultOf(router, "namespace"), DEFAULT_ROUTER_NAMESPACE);
    assert.equal(defaultOf(router, "loadBalancerSubnet"), DEFAULT_SUBNET);
  });
});
