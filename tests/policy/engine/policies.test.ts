// The pack's policies as Pulumi's SDK calls them: any shape of inputs, unknown values, configuration and corrections.
import assert from "node:assert/strict";
import {
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationPolicy,
  unknownCheckingProxy,
  UnknownValueError,
} from "@pulumi/policy";
import fc from "fast-check";
import {
  POLICY_NAMES,
  policies,
  type PoliciesOptions,
  type PolicyName,
} from "../../../policy/index";
import {
  AUTOSCALER_PODS,
  CLUSTER,
  ENDPOINT,
  ROUTE,
  ROUTER,
  ROUTER_PODS,
} from "../../../policy/core/declared";
import { UNKNOWN } from "../../../values/unknown";

type AnyPolicy = ResourceValidationPolicy & Partial<StackValidationPolicy>;
type Props = Record<string, unknown>;

const policyOf = (name: PolicyName, options?: PoliciesOptions): AnyPolicy => {
  const found = policies(options).find((policy) => policy.name === name);
  return found ?? assert.fail(name);
};

const OURS = `urn:pulumi:test::project::${CLUSTER}$${ENDPOINT}`;
const view = unknownCheckingProxy as (props: Props) => Props;

/** What the SDK hands to a policy about a resource. */
function argsOf(type: string, props: Props, config: object = {}): ResourceValidationArgs {
  return {
    type,
    props: view(props),
    urn: `${OURS}$${type}::churn`,
    name: "churn",
    opts: { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [] },
    getConfig: () => config,
  } as unknown as ResourceValidationArgs;
}

interface Answer {
  readonly violations: readonly string[];
  readonly advice: string | undefined;
}

/** As the SDK does: what the policy reports, and the advice that it throws. */
function ask(call: (report: (message: string) => void) => unknown): Answer {
  const violations: string[] = [];
  try {
    call((message) => violations.push(message));
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    return { violations, advice: (error as Error).message };
  }
  return { violations, advice: undefined };
}

const validate = (policy: AnyPolicy, args: ResourceValidationArgs): Answer => {
  const { validateResource } = policy;
  assert.ok(typeof validateResource === "function");
  return ask((report) => validateResource(args, report));
};

const TYPES = [
  ...[CLUSTER, ROUTER, ENDPOINT, ROUTE, ROUTER_PODS, AUTOSCALER_PODS, "pulumi:pulumi:Stack"],
  ...["azure-native:containerservice:ManagedCluster", "azure-native:containerservice:AgentPool"],
  ...["kubernetes:apps/v1:Deployment", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"],
];

/** Names that rules read, so that random inputs reach them. */
const NAMES = [
  ...["versions", "blue", "autoscale", "maxReplicas", "numReplicas", "image", "ssl", "router"],
  ...["certificatePem", "clusterPurpose", "spec", "template", "containers", "env", "name", "value"],
  ...["resources", "limits", "cpu", "metadata", "labels", "agentPoolProfiles", "vmSize", "count"],
  ...["tags", "nodeAutoscaling", "authorizedIpRanges", "scaleTargetRef", "constructor", "location"],
];

const leaf = fc.oneof(
  ...[fc.string({ maxLength: 8 }), fc.double(), fc.boolean()],
  fc.constantFrom(null, undefined, UNKNOWN, "[secret]", "1G", "churn:4"),
);
const members = (of: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...NAMES), of, { maxKeys: 6 });
const around = (of: fc.Arbitrary<unknown>) =>
  fc.oneof(leaf, fc.array(of, { maxLength: 3 }), members(of));
/** Four levels: deeper than that, no rule reads random members. */
const inputs = members(around(around(around(leaf))));

describe("The policies of the pack", () => {
  it("take inputs of any shape, in any profile, resource by resource and together", () => {
    const all = (["dev", "prod", "regulated"] as const).flatMap(
      (profile) => policies({ profile }) as AnyPolicy[],
    );
    const declared = fc.record({ type: fc.constantFrom(...TYPES), props: inputs });
    fc.assert(
      fc.property(fc.array(declared, { minLength: 1, maxLength: 4 }), (found) => {
        const args = found.map(({ type, props }) => argsOf(type, props));
        const resources = args.map((each) => ({ ...each, dependencies: [] }));
        for (const policy of all) {
          for (const each of args) {
            validate(policy, each);
            void policy.remediateResource?.(each);
          }
          const stack = { resources, getConfig: () => ({}) } as never;
          ask((report) => policy.validateStack?.(stack, report));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("say that they can't judge what a preview doesn't know, and still judge the rest", () => {
    const version = { autoscale: { maxReplicas: 60 } };
    const versions = { blue: version, green: { autoscale: { maxReplicas: UNKNOWN } } };
    const bounds = policyOf("replica-bounds");
    assert.deepEqual(validate(bounds, argsOf(ENDPOINT, { versions })), {
      violations: ["versions.blue.autoscale.maxReplicas must be at most 50: it is 60"],
      advice:
        "not judged: versions.green.autoscale.maxReplicas isn't known in this preview: the update judges it",
    });
    const hidden = validate(policyOf("immutable-images"), argsOf(ENDPOINT, { versions: UNKNOWN }));
    assert.equal(
      hidden.advice,
      "not judged: versions isn't known in this preview: the update judges it",
    );
  });

  it("are configured by profile, by program, and by Pulumi's file, which wins", () => {
    const endpoint = { versions: { blue: { numReplicas: 11 } } };
    const said = (options: PoliciesOptions, config = {}) =>
      validate(policyOf("replica-bounds", options), argsOf(ENDPOINT, endpoint, config)).violations;
    assert.deepEqual(said({}), []);
    assert.equal(said({ profile: "dev" }).length, 1);
    const own = { policies: { "replica-bounds": { maxReplicas: 10 } } };
    assert.equal(said(own).length, 1);
    assert.deepEqual(said(own, { maxReplicas: 11 }), []);
    const { enforcementLevel } = policyOf("replica-bounds", {
      policies: { "replica-bounds": "advisory" },
    });
    assert.equal(enforcementLevel, "advisory");
  });

  it("name settings that are of no use, instead of judging by something else", () => {
    const stack = argsOf("pulumi:pulumi:Stack", {}, { maxReplicas: "many", maxReplica: 3 });
    assert.deepEqual(validate(policyOf("replica-bounds"), stack).violations, [
      'maxReplicas must be a number, at least 0: it is "many"',
      "maxReplica must be a setting of this policy (maxReplicas): there is none of that name",
    ]);
    assert.throws(
      () => policies({ policies: { "replica-bound": "advisory" } as object }),
      /^Error: policies\.replica-bound must be a policy of this pack: there is none of that name$/,
    );
    assert.throws(
      () => policies({ policies: { "replica-bounds": { maxReplicas: -1 } } }),
      /^Error: policies\.replica-bounds\.maxReplicas must be a number, at least 0: it is -1$/,
    );
  });

  it("report a file that can't be read, and a pattern that is none, as violations", () => {
    const image = argsOf(ROUTER_PODS, { agentImage: "node:24" }, { findingsFile: "/nowhere.json" });
    assert.match(
      validate(policyOf("image-findings"), image).violations.join(),
      /^can't be judged: \/nowhere\.json can't be read: ENOENT/,
    );
    const tags = { tags: { owner: "x" } };
    const pattern = argsOf("azure-native:containerservice:AgentPool", tags, {
      ...tags,
      pattern: "(",
    });
    assert.match(
      validate(policyOf("required-tags"), pattern).violations.join(),
      /^can't be judged: Invalid regular expression/,
    );
  });

  it("add the tags that are missing, and leave secret and unknown inputs as they are", () => {
    const { remediateResource } = policyOf("required-tags");
    const correct = (props: Props) => {
      const config = { tags: { costCenter: "4711", owner: "" } };
      return remediateResource?.(argsOf("azure-native:containerservice:AgentPool", props, config));
    };
    const kept = { resourceName: UNKNOWN, password: new Secret("s3cr3t") };
    assert.deepEqual(correct({ ...kept, tags: { a: "b" } }), {
      ...kept,
      tags: { a: "b", costCenter: "4711" },
    });
    assert.deepEqual(correct({ tags: new Secret({ a: "b" }) }), {
      tags: new Secret({ a: "b", costCenter: "4711" }),
    });
    assert.deepEqual(correct(kept), { ...kept, tags: { costCenter: "4711" } });
    assert.equal(correct({ tags: UNKNOWN }), undefined);
    assert.equal(correct({ tags: { costCenter: "1" } }), undefined);
  });

  it("have what Pulumi shows of them: a description, a severity, what to change and a schema", () => {
    const all = policies();
    assert.deepEqual(
      all.map(({ name }) => name),
      POLICY_NAMES,
    );
    for (const { name, description, severity, remediationSteps, configSchema } of all) {
      assert.ok(description && severity && remediationSteps, name);
      for (const setting of Object.values(configSchema?.properties ?? {})) {
        assert.ok(setting.description !== undefined && setting.default !== undefined, name);
      }
    }
  });
});
