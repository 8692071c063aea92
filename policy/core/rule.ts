// What a policy is made of, and how its judgements become sentences.
import { type DeclaredResource, type DeclaredStack } from "./declared";
import { messageOf } from "../../values/message-of";
import { Unread } from "./input";

/** What a violation does: warns, blocks, or is corrected first and blocks if it can't be. */
export type Level = "advisory" | "mandatory" | "remediate" | "disabled";
export type Severity = "low" | "medium" | "high" | "critical";

/** The form of one setting, as a JSON schema. */
export interface SettingSchema {
  readonly type: "string" | "number" | "boolean" | "array" | "object";
  readonly items?: { readonly type: "string" };
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Setting<T> {
  readonly description: string;
  readonly schema: SettingSchema;
  readonly default: T;
}

/** What a rule needs beside the declarations. */
export interface Surroundings {
  readonly now: Date;
  /** The content of a JSON file that a setting names. @throws when it can't be read */
  readonly readJson: (path: string) => unknown;
}

/** One question about a declaration: the sentence of what is wrong, or undefined. @throws Unread */
export type Judgement = () => string | undefined;

/** A control of the Microsoft cloud security benchmark, v1. */
export interface Control {
  readonly id: string;
  readonly title: string;
}

interface RuleText<Config> {
  /** What a violation costs. */
  readonly severity: Severity;
  readonly title: string;
  readonly description: string;
  /** What is judged, in the words of a program. */
  readonly subject: string;
  /** What to change. */
  readonly remediation: string;
  readonly control?: Control;
  readonly settings: { readonly [Name in keyof Config]: Setting<Config[Name]> };
}

/** Judges one resource at a time, before anything changes. */
export interface ResourceRule<Config = object> extends RuleText<Config> {
  readonly kind: "resource";
  readonly applies: (resource: DeclaredResource) => boolean;
  readonly judge: (
    resource: DeclaredResource,
    config: Config,
    surroundings: Surroundings,
  ) => Iterable<Judgement>;
  /** The corrected inputs; undefined where nothing is to be corrected. */
  readonly remedy?: (
    resource: DeclaredResource,
    config: Config,
  ) => Readonly<Record<string, unknown>> | undefined;
}

/** Judges all resources together, once all are declared. */
export interface StackRule<Config = object> extends RuleText<Config> {
  readonly kind: "stack";
  readonly judge: (
    stack: DeclaredStack,
    config: Config,
    surroundings: Surroundings,
  ) => Iterable<Judgement>;
}

export type Rule = ResourceRule | StackRule;

/** Keeps a rule's configuration typed inside, and lets it stand beside others outside. */
export function resourceRule<Config>(rule: Omit<ResourceRule<Config>, "kind">): ResourceRule {
  return { kind: "resource", ...rule } as unknown as ResourceRule;
}

export function stackRule<Config>(rule: Omit<StackRule<Config>, "kind">): StackRule {
  return { kind: "stack", ...rule } as unknown as StackRule;
}

export interface Verdict {
  /** One sentence for each violation. */
  readonly violations: readonly string[];
  /** What can't be judged yet, a phrase each: a pass would be a guess. */
  readonly later: readonly string[];
}

/** Asks every question; an unknown value stops only the question that needs it. */
export function verdictOf(judgements: () => Iterable<Judgement>): Verdict {
  const violations: string[] = [];
  const later = new Set<string>();
  const attempt = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if (error instanceof Unread) later.add(error.message);
      // Of a bad pattern or file in the configuration, or our own mistake: it must not pass for a success.
      else violations.push(`can't be judged: ${messageOf(error)}`);
    }
  };
  attempt(() => {
    for (const judgement of judgements()) {
      attempt(() => {
        const sentence = judgement();
        if (sentence !== undefined) violations.push(sentence);
      });
    }
  });
  return { violations, later: [...later] };
}

/** Settings: short ways to write their schemas. */
export const texts = (description: string, fallback: readonly string[]) => ({
  description,
  schema: { type: "array" as const, items: { type: "string" as const } },
  default: fallback,
});
export const amount = (description: string, fallback: number, bounds: object = { minimum: 0 }) => ({
  description,
  schema: { type: "number" as const, ...bounds },
  default: fallback,
});
export const flag = (description: string, fallback: boolean) => ({
  description,
  schema: { type: "boolean" as const },
  default: fallback,
});
export const text = (description: string, fallback: string) => ({
  description,
  schema: { type: "string" as const },
  default: fallback,
});
export const mapping = <T>(description: string, fallback: T) => ({
  description,
  schema: { type: "object" as const },
  default: fallback,
});
