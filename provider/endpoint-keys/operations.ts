// Operations of EndpointKeys: validates the endpoint's arguments, generates its keys, and replaces them on request.
import {
  decreasedKeyVersions,
  type KeyInputs,
  type KeyOutputs,
  keysChange,
  nextKeys,
} from "./core/next-keys";
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

export const operations = {
  check(olds: FormerInputs, news: EndpointKeysInputs) {
    const { endpointArguments = olds.judged ?? {} } = olds;
    const failures = [
      ...validateComponentArguments(endpointArguments, news.endpointArguments),
      ...checkFailures(decreasedKeyVersions(olds, news)),
    ];
    // A secret that turns out to be undefined arrives as null.
    const inputs = {
      ...withoutNulls(news),
      endpointArguments: comparedArguments(news.endpointArguments),
    };
    return Promise.resolve({ inputs, failures });
  },

  diff(_id: string, olds: KeyOutputs, news: KeyInputs) {
    return Promise.resolve({ changes: keysChange(olds, news) });
  },

  create(news: KeyInputs) {
    return Promise.resolve({ id: "keys", outs: nextKeys(undefined, news, generateKey) });
  },

  update(_id: string, olds: KeyOutputs, news: KeyInputs) {
    return Promise.resolve({ outs: nextKeys(olds, news, generateKey) });
  },
} satisfies ResourceOperations<EndpointKeysInputs, KeyOutputs>;

export const { check, diff, create, update } = formerFunctions(operations);
