// What is written makes the compute what is wanted, whatever was there before.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  compareCompute,
  withLiveValues,
} from "../../../../provider/workspace-compute/core/compare-compute";
import { computeBody } from "../../../../provider/workspace-compute/core/compute-body";
import {
  type ComputeSettings,
  type LiveCompute,
} from "../../../../validation/compute/compute-settings";
import { givesWay } from "../../../../provider/workspace-compute/core/assess-compute";
import { clusterId, workspaceId } from "../../../support/workspace-world";

const basics = {
  ...{ workspaceId, clusterId, computeName: "aks-prod" },
  ...({ cloud: "public", timeoutMinutes: 30 } as const),
};
const word = fc.constantFrom("a", "b", "c");
const texts = fc.dictionary(word, word, { noNullPrototype: true });
const instanceTypes = fc.dictionary(
  word,
  fc.record(
    { nodeSelector: texts, resources: fc.record({ requests: texts }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  ),
  { noNullPrototype: true },
);
const identity = fc.oneof(
  fc.record({ type: fc.constantFrom("None" as const, "SystemAssigned" as const) }),
  fc.record({
    type: fc.constantFrom("UserAssigned" as const, "SystemAssigned,UserAssigned" as const),
    userAssignedIdentityIds: fc.uniqueArray(word, { minLength: 1 }),
  }),
);
const kubernetes: fc.Arbitrary<ComputeSettings> = fc
  .record(
    {
      namespace: word,
      defaultInstanceType: word,
      instanceTypes,
      description: word,
      tags: texts,
      identity,
    },
    { requiredKeys: ["namespace"] },
  )
  .map((given) => ({ ...basics, computeType: "Kubernetes", ...given }));
const ssl = fc.oneof(
  fc.record({ cname: word, certificatePem: word, privateKeyPem: word }),
  fc.record({ leafDomainLabel: word }),
  fc.constant({ status: "Disabled" as const }),
);
const loadBalancer = fc.oneof(
  fc.record({ loadBalancerType: fc.constant("PublicIp") }),
  fc.record({ loadBalancerType: fc.constant("InternalLoadBalancer"), loadBalancerSubnet: word }),
  fc.constant({}),
);
const v1: fc.Arbitrary<ComputeSettings> = fc
  .tuple(fc.record({ ssl }, { requiredKeys: [] }), loadBalancer)
  .map(([given, balancer]) => ({ ...basics, computeType: "AKS", ...given, ...balancer }));

/** What Azure has after the write. */
function written(settings: ComputeSettings, live?: LiveCompute, former?: ComputeSettings) {
  return computeBody(settings, live, "westeurope", former) as LiveCompute;
}

for (const [type, arbitrary] of [
  ["Kubernetes", kubernetes],
  ["AKS", v1],
] as const) {
  describe(`A written compute of type ${type}`, () => {
    it("has no differences from what was wanted", () => {
      fc.assert(
        fc.property(arbitrary, (wanted) => {
          assert.deepEqual(compareCompute(written(wanted), wanted), []);
        }),
      );
    });

    it("has none after a change, and nothing of what was taken out", () => {
      fc.assert(
        fc.property(arbitrary, arbitrary, (former, wanted) => {
          const live = written(wanted, written(former), former);
          assert.deepEqual(compareCompute(live, wanted, former), []);
        }),
      );
    });

    it("keeps what the program says nothing of", () => {
      const others = { tags: { theirs: "x" }, properties: { properties: { theirs: { deep: 1 } } } };
      fc.assert(
        fc.property(arbitrary, (wanted) => {
          assert.partialDeepStrictEqual(written(wanted, others), others);
        }),
      );
    });

    it("is what a refresh reads into the state, so that the next look finds no difference", () => {
      fc.assert(
        fc.property(arbitrary, arbitrary, (state, theirs) => {
          const live = written(theirs, written(state));
          const seen = withLiveValues(state, live, compareCompute(live, state));
          const rest = compareCompute(live, seen).filter((path) => !path.startsWith("ssl."));
          assert.deepEqual(rest, []);
        }),
      );
    });
  });
}

describe("givesWay()", () => {
  it("lets exactly one of several stay, whoever looks", () => {
    const attachment = fc.record({
      id: word,
      createdOn: fc.option(fc.date({ noInvalidDate: true }), { nil: undefined }),
    });
    const several = fc.uniqueArray(attachment, { minLength: 1, selector: ({ id }) => id });
    fc.assert(
      fc.property(several, (all) => {
        const staying = all.filter(
          (each) =>
            !givesWay(
              each,
              all.filter((one) => one !== each),
            ),
        );
        assert.equal(staying.length, 1);
      }),
    );
  });
});
