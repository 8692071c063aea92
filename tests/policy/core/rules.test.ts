// Every policy passes what is legal, refuses what isn't, and doesn't pass what it can't see.
import assert from "node:assert/strict";
import { Input } from "../../../policy/core/input";
import { POLICY_NAMES } from "../../../policy/core/rules";
import { UNKNOWN } from "../../../values/unknown";
import { makePair } from "../../support/certificate-pair";
import { judge, NOW, router } from "../../support/declared-resources";
import { CASES, tls } from "../../support/policy-cases";

/** As in a preview that knows no value. */
function hideMembers({ raw }: Input): Input {
  return new Input(Object.fromEntries(Object.keys(raw as object).map((name) => [name, UNKNOWN])));
}

describe("A policy", () => {
  for (const { policy, passes, fails, sentence, ...options } of CASES) {
    it(`${policy} passes what is legal, and says: ${sentence.source.slice(0, 60)}`, () => {
      assert.deepEqual(judge(policy, passes, options), { violations: [], later: [] });
      const { violations, later } = judge(policy, fails, options);
      assert.equal(violations.length, 1, violations.join("\n"));
      assert.match(violations[0] ?? "", sentence);
      assert.deepEqual(later, []);
    });
  }

  for (const { policy, fails, ...options } of CASES) {
    // It reads `protect`, which is always known, and whether there is a route.
    if (policy === "deletion-protection") continue;
    it(`${policy} doesn't pass what it can't see yet`, () => {
      const hidden = fails.map((each) => ({ ...each, inputs: hideMembers(each.inputs) }));
      const { violations, later } = judge(policy, hidden, options);
      assert.ok(violations.length + later.length > 0, "passed");
    });
  }

  it("certificate-lifetime counts the days until the certificate ends", async () => {
    const lasting = async (days: number) => {
      const pair = await makePair("models", new Date(NOW.getTime() + days * 86_400_000));
      return [router({ ssl: { ...tls, certificatePem: pair.certificatePem } })];
    };
    assert.deepEqual(judge("certificate-lifetime", await lasting(30)).violations, []);
    assert.deepEqual(judge("certificate-lifetime", await lasting(29)).violations, [
      "ssl.certificatePem must be valid for 30 more days: it has 29 left (until 2026-12-26); renew it",
    ]);
    assert.match(
      judge("certificate-lifetime", await lasting(-1)).violations.join(),
      /it has expired \(until 2026-11-26\); renew it$/,
    );
  });

  it("is never without a test of its line", () => {
    const tested = new Set<string>([...CASES.map(({ policy }) => policy), "certificate-lifetime"]);
    assert.deepEqual(
      POLICY_NAMES.filter((name) => !tested.has(name)),
      [],
    );
  });
});
