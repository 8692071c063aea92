// Operations of ArgumentCheck: validates a component's arguments once their Outputs have resolved.
import {
  comparedArguments,
  type ComponentArguments,
  validateComponentArguments,
} from "../engine/component-arguments";
import { type ResourceOperations } from "../engine/core/resource-operations";
import { formerFunctions } from "../engine/former-shells";

export const operations = {
  check(olds: Partial<ComponentArguments>, news: ComponentArguments) {
    const failures = validateComponentArguments(olds, news);
    return Promise.resolve({ inputs: comparedArguments(news), failures });
  },

  /** Nothing depends on the arguments, so changing them doesn't change this resource. */
  diff: () => Promise.resolve({ changes: false }),

  create: () => Promise.resolve({ id: "checked", outs: {} }),
} satisfies ResourceOperations<ComponentArguments, object>;

export const { check, diff, create } = formerFunctions(operations);
