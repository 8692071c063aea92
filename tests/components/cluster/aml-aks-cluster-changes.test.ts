// AmlAksCluster: what a change of each argument plans, as docs/aml-aks-cluster.md has it.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { type ArgumentTable } from "../../../values/argument-table";
import { CLUSTER_ARGUMENTS } from "../../../validation/cluster/cluster-arguments";
import { validateCluster } from "../../../validation/cluster/validate-cluster";
import { validateClusterChange } from "../../../validation/cluster/validate-cluster-change";
import { base, changes, refused } from "../../features/aml-aks-cluster-changes";
import { declareCluster, planSteps } from "../../support/planned-changes";

/** Most changes start from the same arguments. */
const declared = new Map<string, ReturnType<typeof declareCluster>>();
function declareOnce(args: object): ReturnType<typeof declareCluster> {
  const key = JSON.stringify(args);
  const made = declared.get(key) ?? declareCluster(args);
  declared.set(key, made);
  return made;
}

describe("AmlAksCluster plans for a change of", () => {
  for (const { what, before = {}, after, steps } of changes) {
    it(`${what}, from ${JSON.stringify(before)} to ${JSON.stringify(after)}: ${steps.join(", ") || "nothing"}`, async () => {
      const [from, to] = [
        { ...base, ...before },
        { ...base, ...after },
      ];
      assert.deepEqual(validateCluster("prod", to).map(sentence), []);
      assert.deepEqual(validateClusterChange(from, to).map(sentence), []);
      const plan = planSteps(await declareOnce(from), await declareOnce(to));
      assert.deepEqual(plan, [...steps].sort());
    });
  }
});

describe("AmlAksCluster refuses at preview a change of", () => {
  for (const { what, before = {}, after, sentence: expected } of refused) {
    it(`${what}, from ${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
      const to = { ...base, ...after };
      const problems = [
        ...validateClusterChange({ ...base, ...before }, to),
        ...validateCluster("prod", to),
      ];
      assert.match(problems.map(sentence).join("\n"), expected);
    });
  }
});

describe("AmlAksCluster protects", () => {
  it("cluster and agents, whose replacement loses what runs there, unless told otherwise", async () => {
    const guarded = async (args: object) => {
      const declared = await declareCluster({ ...base, ...args });
      return declared.filter((each) => each.protect).map(({ name }) => name);
    };
    const pools = { gpuPool: { vmSize: "Standard_NC4as_T4_v3" } };
    assert.deepEqual(await guarded({ protectCluster: undefined, ...pools }), [
      "prod",
      "prod-agents",
    ]);
    assert.deepEqual(await guarded(pools), []);
  });
});

describe("The table of changes", () => {
  it("has every argument, the nested ones too", () => {
    const paths = Object.entries(CLUSTER_ARGUMENTS as ArgumentTable).flatMap(
      ([name, { members }]) =>
        // A window's parts are one schedule, and bounds are one pair.
        ["network", "entra", "gpuPool", "spotPool"].includes(name)
          ? Object.keys(members ?? {}).map((inner) => `${name}.${inner}`)
          : [name],
    );
    const known = new Set([...changes, ...refused].map(({ what }) => what));
    assert.ok(paths.length > 30);
    assert.deepEqual(
      paths.filter((path) => !known.has(path)),
      [],
    );
  });
});
