// Resources as the policy pack is shown them, and what a policy says about them.
import {
  AUTOSCALER_PODS,
  CLUSTER,
  type DeclaredResource,
  ENDPOINT,
  ROUTE,
  ROUTER,
  ROUTER_PODS,
} from "../../policy/core/declared";
import { Input } from "../../policy/core/input";
import { type Judgement, type Surroundings, type Verdict, verdictOf } from "../../policy/core/rule";
import { type PolicyName, RULES } from "../../policy/core/rules";
import { configure } from "../../policy/core/settings";

/** Inputs by name, as a program gives them. */
type Given = Readonly<Record<string, unknown>>;

interface Place {
  readonly name?: string;
  readonly parent?: DeclaredResource;
  readonly dependencies?: readonly DeclaredResource[];
  readonly isProtected?: boolean;
}

export function resource(type: string, inputs: unknown, place: Place = {}): DeclaredResource {
  const { name = "churn", parent, dependencies = [], isProtected = false } = place;
  const types = parent === undefined ? type : `${parent.urn.split("::")[2]}$${type}`;
  const found = {
    ...{ urn: `urn:pulumi:test::project::${types}::${name}`, type, name },
    ...{ inputs: new Input(inputs), isProtected },
    dependencies: dependencies.map(({ urn }) => urn),
  };
  return parent === undefined ? found : { ...found, parent: parent.urn };
}

export const cluster = (inputs: Given = {}) => resource(CLUSTER, inputs, { name: "shared" });
export const router = (inputs: unknown = {}, name = "fe") => resource(ROUTER, inputs, { name });
export const endpoint = (inputs: Given = {}, name = "churn") =>
  resource(
    ENDPOINT,
    { router: { clusterPurpose: "FastProd", namespace: "aml-inference" }, ...inputs },
    { name },
  );

const azure = (type: string, inputs: Given, isProtected = false) =>
  resource(`azure-native:containerservice:${type}`, inputs, {
    ...{ name: type, parent: cluster(), isProtected },
  });
export const managedCluster = (inputs: Given = {}, isProtected = false) =>
  azure("ManagedCluster", inputs, isProtected);
export const agentPool = (inputs: Given = {}) => azure("AgentPool", inputs);

export const routerPods = (inputs: Given = {}, parent = router()) =>
  resource(ROUTER_PODS, { name: "aml-inference-router", ...inputs }, { name: "fe", parent });
export const autoscalerPods = (inputs: Given = {}) =>
  resource(AUTOSCALER_PODS, inputs, { name: "fe", parent: router() });
export const route = (inputs: unknown, parent = endpoint(), pods?: DeclaredResource) =>
  resource(ROUTE, inputs, { parent, dependencies: pods === undefined ? [] : [pods] });

/** The Deployment of the version `blue`. */
export const deployment = (container: unknown, parent = endpoint()) =>
  resource(
    "kubernetes:apps/v1:Deployment",
    {
      metadata: {
        name: "churn-blue-51850",
        namespace: "aml-inference-endpoints",
        labels: { "aml-inference.io/endpoint": "churn", "aml-inference.io/version": "blue" },
      },
      spec: { template: { spec: { containers: [container] } } },
    },
    { name: "churn-blue-51850", parent },
  );

export const NOW = new Date("2026-11-27T12:00:00Z");

export interface JudgeOptions {
  readonly settings?: Given;
  readonly files?: Readonly<Record<string, unknown>>;
}

/** What the policy says about these resources together. */
export function judge(
  policy: PolicyName,
  resources: readonly DeclaredResource[],
  { settings = {}, files = {} }: JudgeOptions = {},
): Verdict {
  const rule = RULES[policy];
  const { config } = configure(rule, settings);
  const surroundings: Surroundings = {
    now: NOW,
    readJson: (path) => {
      if (!(path in files)) throw new Error(`${path} can't be read: there is no such file`);
      return files[path];
    },
  };
  return verdictOf(function* (): Iterable<Judgement> {
    if (rule.kind === "stack") yield* rule.judge({ resources }, config, surroundings);
    else
      for (const each of resources.filter(rule.applies)) {
        yield* rule.judge(each, config, surroundings);
      }
  });
}
