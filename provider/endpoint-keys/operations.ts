// Operations of EndpointKeys: validates the endpoint's arguments, generates its keys, and replaces them on request.
import {
  decreasedKeyVersions,
  type KeyInputs,
  type KeyOutputs,
  keysChange,
  nextKeys,
} from "./core/next-keys";
import { ENDPOINT_NAMESPACE, FORMER_ENDPOINT_NAMESPACE } from "../../contracts/pods/pod-defaults";
import { withoutNulls } from "../../values/without";
import { generateKey } from "./io/generate-key";
import { checkFailures } from "../engine/core/check-failures";
import {
  comparedArguments,
  type ComponentArguments,
  validateComponentArguments,
} from "../engine/component-arguments";
import { type ResourceOperations } from "../engine/core/resource-operations";
import { formerFunctions } from "../engine/former-shells";

export interface EndpointKeysInputs extends KeyInputs {
  readonly endpointArguments: ComponentArguments;
}

/** Inputs in a state; earlier versions stored the endpoint's arguments as `judged`. */
type FormerInputs = Partial<EndpointKeysInputs> & { readonly judged?: ComponentArguments };

/**
 * Where the endpoint was, undefined for a new one, and where it is when the program doesn't say it: where it was without
 * saying it, for an argument that is left out from now on must not move it.
 */
function namespacesOf(
  olds: FormerInputs,
  endpoint: Partial<ComponentArguments>,
): { readonly was?: string; readonly fallback: string } {
  const given = givenNamespace(endpoint);
  if (given !== undefined) return { was: given, fallback: ENDPOINT_NAMESPACE };
  if (Object.keys(olds).length === 0) return { fallback: ENDPOINT_NAMESPACE };
  const was = olds.namespace ?? FORMER_ENDPOINT_NAMESPACE;
  return { was, fallback: was };
}

function givenNamespace({ arguments: given }: Partial<ComponentArguments>): string | undefined {
  return (given?.["namespace"] ?? undefined) as string | undefined;
}

/** A program that gives no namespace reads it here. */
function needsNamespace(olds: KeyOutputs, news: EndpointKeysInputs): boolean {
  if (news.namespace === undefined || givenNamespace(news.endpointArguments) !== undefined) {
    return false;
  }
  return (olds.namespace ?? FORMER_ENDPOINT_NAMESPACE) !== news.namespace;
}

/** The arguments with the namespace that counts. */
function within<T extends Partial<ComponentArguments>>(namespace: string | undefined, given: T): T {
  if (namespace === undefined || given.arguments === undefined) return given;
  return { ...given, arguments: { ...given.arguments, namespace } };
}

export const operations = {
  check(olds: FormerInputs, news: EndpointKeysInputs) {
    const { endpointArguments = olds.judged ?? {} } = olds;
    const { was, fallback } = namespacesOf(olds, endpointArguments);
    const namespace = givenNamespace(news.endpointArguments) ?? fallback;
    const failures = [
      ...validateComponentArguments(
        within(was, endpointArguments),
        within(namespace, news.endpointArguments),
      ),
      ...checkFailures(decreasedKeyVersions(olds, news)),
    ];
    // A secret that turns out to be undefined arrives as null.
    const inputs = {
      ...withoutNulls(news),
      endpointArguments: comparedArguments(news.endpointArguments),
      namespace,
    };
    return Promise.resolve({ inputs, failures });
  },

  diff(_id: string, olds: KeyOutputs, news: EndpointKeysInputs) {
    return Promise.resolve({ changes: keysChange(olds, news) || needsNamespace(olds, news) });
  },

  create(news: KeyInputs) {
    return Promise.resolve({ id: "keys", outs: nextKeys(undefined, news, generateKey) });
  },

  update(_id: string, olds: KeyOutputs, news: KeyInputs) {
    return Promise.resolve({ outs: nextKeys(olds, news, generateKey) });
  },
} satisfies ResourceOperations<EndpointKeysInputs, KeyOutputs>;

export const { check, diff, create, update } = formerFunctions(operations);
