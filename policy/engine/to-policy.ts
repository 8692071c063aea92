// A rule as a policy of @pulumi/policy.
import * as sdk from "@pulumi/policy";
import {
  type PolicyConfigSchema,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationArgs,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { UNKNOWN } from "../../values/unknown";
import { type DeclaredResource } from "../core/declared";
import { Input } from "../core/input";
import { type Chosen } from "../core/catalog/profiles";
import {
  type Control,
  type Judgement,
  type Rule,
  type Setting,
  type Surroundings,
  verdictOf,
} from "../core/rule";
import { configure } from "../core/settings";
import { plainInputs, rawInputs } from "./plain-inputs";

/** What a pack has seen of the resources so far: a stack policy is shown their outputs only. */
export type SeenInputs = Map<string, unknown>;

export interface PolicyOptions extends Chosen {
  readonly seen: SeenInputs;
  /** Asked when a resource is judged. */
  readonly surroundings: () => Surroundings;
}

export type AnyPolicy = ResourceValidationPolicy | StackValidationPolicy;

/** Exported since 1.21, without a type. */
const { UnknownValueError } = sdk as unknown as {
  readonly UnknownValueError: new (mark: string, path: readonly string[]) => Error;
};

/** Not judged: the SDK shows it as an advice, whatever the policy's level. */
class NotJudged extends UnknownValueError {
  constructor(later: readonly string[]) {
    super(UNKNOWN, []);
    this.message = `not judged: ${later.join("; ")}`;
  }
}

export function toPolicy(name: string, rule: Rule, options: PolicyOptions): AnyPolicy {
  const { seen, surroundings } = options;
  const profile = configure(rule, options.settings).config;
  const configOf = (args: { getConfig(): object }) =>
    configure(rule, options.settings, { ...args.getConfig() });

  const validateResource = (args: ResourceValidationArgs, report: ReportViolation) => {
    const inputs = plainInputs(args.props);
    seen.set(args.urn, inputs);
    const { config, problems } = configOf(args);
    // The stack itself is the one resource that every program has.
    if (args.type === "pulumi:pulumi:Stack") problems.forEach((problem) => report(problem));
    if (rule.kind === "stack") return;
    const resource = declared(args, new Input(inputs), []);
    if (!rule.applies(resource)) return;
    answer(() => rule.judge(resource, config, surroundings()), report);
  };

  const policy = {
    name,
    description: rule.description,
    displayName: rule.title,
    enforcementLevel: options.level,
    severity: rule.severity,
    remediationSteps: rule.remediation,
    tags: ["aml-inference"],
    configSchema: schemaOf(rule, profile),
    ...(rule.control === undefined ? {} : { framework: frameworkOf(rule.control) }),
    validateResource,
  };

  if (rule.kind === "stack") {
    const validateStack = (args: StackValidationArgs, report: ReportViolation) => {
      const resources = args.resources.map((each) => {
        const inputs = new Input(seen.has(each.urn) ? seen.get(each.urn) : UNKNOWN, each.name);
        const dependencies = each.dependencies.map(({ urn }) => urn);
        const parent = each.parent?.urn;
        return declared({ ...each, opts: { ...each.opts, parent } }, inputs, dependencies);
      });
      answer(() => rule.judge({ resources }, configOf(args).config, surroundings()), report);
    };
    // It is a resource policy, too: that is how it sees the inputs.
    return { ...policy, validateStack };
  }
  const { remedy } = rule;
  if (remedy === undefined) return policy;
  return {
    ...policy,
    remediateResource: (args: ResourceValidationArgs) => {
      const { open, close } = secretsOf(rawInputs(args.props));
      const resource = declared(args, new Input(open), []);
      if (!rule.applies(resource)) return undefined;
      const corrected = remedy(resource, configOf(args).config);
      return corrected === undefined ? undefined : close(corrected);
    },
  };
}

/** Reports what is wrong, then says what can't be judged. */
function answer(judge: () => Iterable<Judgement>, report: ReportViolation): void {
  const { violations, later } = verdictOf(judge);
  violations.forEach((sentence) => report(sentence));
  if (later.length > 0) throw new NotJudged(later);
}

type Seen = Pick<DeclaredResource, "urn" | "type" | "name"> & {
  readonly opts: { readonly protect: boolean; readonly parent?: string | undefined };
};

function declared(
  { urn, type, name, opts }: Seen,
  inputs: Input,
  dependencies: readonly string[],
): DeclaredResource {
  const { parent } = opts;
  const found = { urn, type, name, inputs, isProtected: opts.protect, dependencies };
  return parent === undefined ? found : { ...found, parent };
}

/** The inputs without the wrapping of those that are secret as a whole, and what wraps them again. */
function secretsOf(inputs: Record<string, unknown>) {
  const isSecret = (name: string) => inputs[name] instanceof Secret;
  const map = (values: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, isSecret(name) ? change(value) : value]),
    );
  return {
    open: map(inputs, (value) => (value as Secret).value),
    close: (values: Readonly<Record<string, unknown>>) => map(values, (value) => new Secret(value)),
  };
}

function schemaOf(rule: Rule, defaults: Readonly<Record<string, unknown>>): PolicyConfigSchema {
  const settings = Object.entries(rule.settings as Record<string, Setting<unknown>>);
  const properties = settings.map(([name, { description, schema }]) => [
    name,
    { ...schema, description, default: defaults[name] },
  ]);
  return { properties: Object.fromEntries(properties) as PolicyConfigSchema["properties"] };
}

function frameworkOf({ id, title }: Control) {
  return {
    name: "Microsoft cloud security benchmark",
    version: "v1",
    reference: id,
    specification: title,
  };
}
